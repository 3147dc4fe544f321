package app_test

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// line waits for the log line about a path, which is written after the response.
func line(t testing.TB, log *buffer, path string) (found string) {
	t.Helper()
	about := regexp.MustCompile(`(?m)^.*msg=request .*path=\S*` + regexp.QuoteMeta(path) + `.*$`)
	await(t, "the log has a line about "+path, func() bool {
		found = about.FindString(log.String())
		return found != ""
	})
	return found
}

// The clock follows the database's, and tests can set it. So it does not measure durations.
func TestLG02_LatencyDoesNotFollowTheClock(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	env := latchkeytest.New(t, latchkeytest.LogTo(slog.NewTextHandler(log, nil)))
	// The call waits for the lock on the table.
	holder, err := env.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := holder.Exec(t.Context(), "LOCK TABLE rate_limits IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		send(t, env, http.MethodPost, signIn, `{"email":"ada@example.com","password":"Vexqmrt-1"}`, "Content-Type", "application/json")
	}()
	env.AwaitWaiters(1)
	env.Clock.Advance(time.Hour)
	if err := holder.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-answered

	took, err := time.ParseDuration(regexp.MustCompile(`took=(\S+)`).FindStringSubmatch(line(t, log, signIn))[1])
	if err != nil || took <= 0 || took > time.Minute {
		t.Errorf("the call took %v: %v", took, err)
	}
}

// A log line is shorter than what a client can send.
func TestLG02_LinesOfTheAccessLogAreShort(t *testing.T) {
	t.Parallel()
	log := &buffer{}
	env := latchkeytest.New(t, latchkeytest.LogTo(slog.NewTextHandler(log, nil)))

	send(t, env, http.MethodPost, "/zqx"+strings.Repeat("\"", 9_000), "")
	send(t, env, "ZQX"+strings.Repeat("Z", 20_000), "/method", "")

	for _, path := range []string{"/zqx", "/method"} {
		if got := line(t, log, path); len(got) > 1_000 {
			t.Errorf("the line about %s has %d bytes", path, len(got))
		}
	}
}
