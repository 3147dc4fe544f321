package app

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// health tells that the process answers.
func (a *App) health(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, "ok")
}

// ready tells whether calls should be sent here. Of what is not ready, the answer has one word each.
func (a *App) ready(w http.ResponseWriter, _ *http.Request) {
	if a.readiness.stopping.Load() {
		answer(w, http.StatusServiceUnavailable, "stopping")
		return
	}
	if missing := a.readiness.check(); len(missing) > 0 {
		answer(w, http.StatusServiceUnavailable, "not ready: "+strings.Join(missing, " "))
		return
	}
	answer(w, http.StatusOK, "ready")
}

const (
	// readyTimeout is shorter than what a load balancer waits.
	readyTimeout = 2 * time.Second
	// readyFor is how long an answer is good for all who ask: anybody may, and each answer costs a statement.
	readyFor = time.Second
	// A replica that cannot follow the log of revocations asks the database about each call. That serves for a while.
	feedLimit = 30 * time.Second
	// Four reloads. A key that was removed because it leaked must not stay in use for long.
	keysLimit = time.Minute
)

// readiness is whether the server does all that calls need.
type readiness struct {
	parts                []part
	feedLimit, keysLimit time.Duration
	// started is set when the server serves, stopping as soon as it is told to stop.
	started, stopping atomic.Bool

	mu sync.Mutex
	// at is when missing was found out.
	at      *db.Stopwatch
	missing []string
}

// part is something that the server needs.
type part struct {
	name  string
	ready func(context.Context) bool
}

func newReadiness(a *App) *readiness {
	r := &readiness{feedLimit: feedLimit, keysLimit: keysLimit}
	r.parts = []part{
		{"database", func(ctx context.Context) bool { return a.cfg.DB.Writable(ctx) == nil }},
		{"revocations", func(context.Context) bool { return a.sessions.FeedAge() < r.feedLimit }},
		{"keys", func(context.Context) bool { return a.tokens.LoadAge() < r.keysLimit }},
		{"jobs", func(context.Context) bool { return r.started.Load() && !closed(a.jobs.Stopped()) }},
	}
	return r
}

// check returns the names of the parts that are not ready. Those who ask at the same time share one check.
func (r *readiness) check() (missing []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at != nil && r.at.Elapsed() < readyFor {
		return r.missing
	}
	// Not the request's: another one may wait for the same answer.
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	for _, p := range r.parts {
		if !p.ready(ctx) {
			missing = append(missing, p.name)
		}
	}
	now := db.StartStopwatch()
	r.at, r.missing = &now, missing
	return missing
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
