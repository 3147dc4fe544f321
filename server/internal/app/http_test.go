package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

func TestCK09_AnswersAreHardened(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)

	for _, path := range []string{
		"/", "/dev/outbox", "/healthz", "/nothing-here",
		"/latchkey.v1.AuthService/GetSettings?connect=v1&encoding=json&message=%7B%7D",
	} {
		response, _ := get(t, env, path)
		header := response.Header
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "no-referrer" ||
			!strings.Contains(header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s has the headers %v", path, header)
		}
		if !strings.HasPrefix(header.Get("X-Request-Id"), "req_") {
			t.Errorf("%s has no request id", path)
		}
	}
	response, _ := get(t, env, "/latchkey.v1.AuthService/GetSettings?connect=v1&encoding=json&message=%7B%7D")
	if response.StatusCode != http.StatusOK || response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a call by GET answers %s with Cache-Control %q", response.Status, response.Header.Get("Cache-Control"))
	}
	if response, _ := get(t, env, "/nothing-here"); response.StatusCode != http.StatusNotFound {
		t.Errorf("a page that is not there answers %s", response.Status)
	}
}

// buffer is a log that many goroutines write to.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write takes a line.
func (b *buffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(data)
}

// String returns all lines.
func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func TestLG01_TheAccessLogHoldsNoQuery(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	env := latchkeytest.New(t, latchkeytest.LogTo(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))

	get(t, env, "/latchkey.v1.AuthService/CheckAvailability?connect=v1&encoding=json&message=%7B%22email%22%3A%22ada%40example.com%22%7D",
		"Authorization", "Bearer abc.def.ghi", "Cookie", "session=hunter2")
	response, _ := get(t, env, "/nothing-here?password=hunter2")

	text := log.String()
	for _, secret := range []string{"ada", "hunter2", "abc.def.ghi"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q: %s", secret, text)
		}
	}
	if !strings.Contains(text, response.Header.Get("X-Request-Id")) || !strings.Contains(text, "CheckAvailability") {
		t.Errorf("the log lacks the request's id or path: %s", text)
	}
}

// A call that runs when the server is told to stop gets its response, and what it has acknowledged is stored.
func TestStop_FinishesCallsThatAreUnderWay(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	form := ada.Form(ada.ProvesEmail(latchkeyv1.Purpose_PURPOSE_SIGN_UP))

	// The call cannot continue while the test locks the table.
	holder, err := env.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := holder.Exec(t.Context(), "LOCK TABLE passwords IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := env.Auth.SignUp(t.Context(), form)
		answered <- err
	}()
	env.AwaitWaiters(1)

	stopped := env.Stop()
	env.AwaitRefusal()
	if err := holder.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Errorf("the call under way answers %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("the server stops with %v", err)
	}
	if n := env.Rows("users")["users"]; n != 1 {
		t.Errorf("there are %d users", n)
	}
}
