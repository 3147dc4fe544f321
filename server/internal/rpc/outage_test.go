package rpc_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// An outage fills no disk: the access log says what became of each call, and one line says why.
func TestLG04_AnOutageIsLoggedOnce(t *testing.T) {
	t.Parallel()
	proxy, url := dbtest.Before(t, dbtest.URL(t))
	log := &logText{}
	env := latchkeytest.New(t, latchkeytest.OnDB(latchkeytest.Open(t, db.Config{URL: db.URL(url), MaxConns: 4})),
		latchkeytest.LogTo(slog.NewTextHandler(log, nil)))
	// With a job that is done, all parts of the server have started.
	env.Person("ada@example.com").SignsUp()
	env.AwaitJobs()
	proxy.Refuse()
	// The server stops in order only with its database.
	defer proxy.Pass()

	const calls = 50
	for range calls {
		post(t, env, signIn, jsonType, goodSignIn).refused(t, http.StatusServiceUnavailable, latchkeyv1.Reason_REASON_DEPENDENCY_DOWN, "")
	}
	// Answered without the database, this call ends no outage.
	post(t, env, getSettings, jsonType, []byte("{}"))

	if got := strings.Count(log.String(), "msg=unavailable"); got != 1 {
		t.Errorf("%d lines say that the database is down:\n%s", got, log)
	}
	if strings.Contains(log.String(), "available again") {
		t.Error("the outage is over")
	}
	if got := strings.Count(log.String(), "outcome=REASON_DEPENDENCY_DOWN"); got != calls {
		t.Errorf("the access log has %d refused calls, want %d", got, calls)
	}
}

// Everyone can choose a deadline that no call meets.
func TestLG04_DeadlinesOfCallersFillNoLog(t *testing.T) {
	t.Parallel()
	log := &logText{}
	env := latchkeytest.New(t, latchkeytest.LogTo(slog.NewTextHandler(log, nil)))

	for range 50 {
		post(t, env, signIn, jsonType, goodSignIn, header{"Connect-Timeout-Ms", "0"}).
			refused(t, http.StatusGatewayTimeout, latchkeyv1.Reason_REASON_TIMED_OUT, "")
	}
	if got := strings.Count(log.String(), "deadline exceeded\" request="); got != 10 {
		t.Errorf("%d lines say why calls timed out, want 10:\n%s", got, log)
	}
}
