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

// health reports that the process runs.
func (a *App) health(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, "ok")
}

// ready reports whether this replica can take calls. It names each part that is not ready.
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
	// readyTimeout is shorter than the timeout of a load balancer.
	readyTimeout = 2 * time.Second
	// readyFor is how long a result is reused. The path is public, and each check costs a statement.
	readyFor = time.Second
	// A replica that cannot read the log of revocations asks the database on each call. That is slow, but correct.
	feedLimit = 30 * time.Second
	// Four reloads. A key that was removed because it leaked must not stay in use for long.
	keysLimit = time.Minute
)

// readiness checks whether all parts that calls need are working.
type readiness struct {
	parts                []part
	feedLimit, keysLimit time.Duration
	// started is set when the server serves, and stopping when it is told to stop.
	started, stopping atomic.Bool

	mu sync.Mutex
	// at is the time of the last check, and missing its result.
	at      *db.Stopwatch
	missing []string
}

// part is a part of the server that calls need.
type part struct {
	name  string
	ready func(context.Context) bool
}

func newReadiness(a *App) *readiness {
	r := &readiness{feedLimit: feedLimit, keysLimit: keysLimit}
	r.parts = []part{
		{"database", func(ctx context.Context) bool { return a.cfg.DB.Writable(ctx) == nil }},
		{"revocations", func(context.Context) bool { return a.Sessions.FeedAge() < r.feedLimit }},
		{"keys", func(context.Context) bool { return a.Tokens.LoadAge() < r.keysLimit }},
		{"jobs", func(context.Context) bool { return r.started.Load() && !closed(a.Jobs.Stopped()) }},
	}
	return r
}

// check returns the names of the parts that are not ready. Concurrent callers share one check.
func (r *readiness) check() (missing []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at != nil && r.at.Elapsed() < readyFor {
		return r.missing
	}
	// Not the request's context: other requests wait for the same result.
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
