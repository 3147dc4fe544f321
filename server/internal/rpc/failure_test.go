package rpc_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// logText keeps a log that many goroutines write.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// The database fails for a use-case; the caller learns only the request id.
func TestLG03_ADefectRevealsItsRequestIDAlone(t *testing.T) {
	t.Parallel()
	log := &logText{}
	env := latchkeytest.New(t, latchkeytest.LogTo(slog.NewTextHandler(log, nil)))
	if _, err := env.DB.Exec(t.Context(), "ALTER TABLE users RENAME TO users_elsewhere"); err != nil {
		t.Fatal(err)
	}

	r := post(t, env, signIn, jsonType, goodSignIn).
		refused(t, http.StatusInternalServerError, latchkeyv1.Reason_REASON_INTERNAL, "")
	if r.Code != connect.CodeInternal || strings.Contains(r.Text, "users") {
		t.Errorf("the caller reads %s", r.Text)
	}
	if id := r.Detail.GetRequestId(); !strings.Contains(log.String(), id) || !strings.Contains(log.String(), "SQLSTATE 42P01") {
		t.Errorf("the log does not tell what happened to %s: %s", id, log)
	}

	for name, protocol := range map[string]connect.ClientOption{"gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb()} {
		client := latchkeyv1connect.NewAuthServiceClient(env.HTTP2(), env.URL, protocol)
		_, err := client.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: "zqx@example.com"}, Password: latchkeytest.Password,
		})
		detail := env.Refused(err, latchkeyv1.Reason_REASON_INTERNAL)
		var answer *connect.Error
		if !errors.As(err, &answer) || answer.Code() != connect.CodeInternal || detail.GetRequestId() != answer.Meta().Get("X-Request-Id") {
			t.Errorf("%s: got %v, %v", name, err, detail)
		}
		for _, leak := range append(innards, "users", "zqx") {
			if strings.Contains(err.Error()+detail.String(), leak) {
				t.Errorf("%s reveals an internal detail, %q: %v", name, leak, err)
			}
		}
	}
}

// The caller's deadline can only shorten the server's.
func TestAP03_TheServersDeadlineRules(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t)
	handler, err := rpc.New(rpc.Deps{
		Accounts:    account.New(account.Deps{DB: database, Limits: ratelimit.New(database, ratelimit.Config{Mode: ratelimit.Off})}),
		Log:         slog.New(slog.DiscardHandler),
		Outage:      loglimit.NewOutage(slog.New(slog.DiscardHandler)),
		Unavailable: db.Unavailable,
	})
	if err != nil {
		t.Fatal(err)
	}
	call := func(ctx context.Context, name, value string) *httptest.ResponseRecorder {
		body := `{"nickname":"zqx"}`
		contentType := jsonType
		if name == "Grpc-Timeout" {
			contentType, body = "application/grpc+json", string(inEnvelope([]byte(body)))
		}
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/latchkey.v1.AuthService/CheckAvailability", strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set(name, value)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	// The deadline that package app sets for every request, when it has passed.
	over, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()

	for name, value := range map[string]string{"Connect-Timeout-Ms": "9999999999", "Grpc-Timeout": "99999999H"} {
		if got := call(over, name, value); !refusedAsLate(got) {
			t.Errorf("%s beyond the server's deadline: got %d %v %s", name, got.Code, got.Header(), got.Body)
		}
		if got := call(t.Context(), name, value); refusedAsLate(got) || got.Code != http.StatusOK {
			t.Errorf("%s in time: got %d %v %s", name, got.Code, got.Header(), got.Body)
		}
	}
	if got := call(t.Context(), "Connect-Timeout-Ms", "0"); !refusedAsLate(got) {
		t.Errorf("no time at all: got %d %s", got.Code, got.Body)
	}
}

func refusedAsLate(got *httptest.ResponseRecorder) bool {
	return got.Code == http.StatusGatewayTimeout || got.Result().Trailer.Get("Grpc-Status") == "4"
}
