package app_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

func TestReady_NamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if status, text := s.ready(); status != http.StatusServiceUnavailable || text != "not ready: revocations jobs" {
		t.Errorf("before it runs it answers %d %q", status, text)
	}
	ended := s.run()
	s.awaitReady("ready")

	// The connection for the log of revocations is a black hole, and so are the ones that replace it.
	app.LimitFeedAge(s.App, time.Second)
	s.proxy.Swallow(dbtest.Listening)
	s.awaitReady("not ready: revocations")
	app.LimitKeysAge(s.App, time.Nanosecond)
	s.awaitReady("not ready: revocations keys")
	s.proxy.Swallow(dbtest.All)
	s.awaitReady("not ready: database revocations keys")

	s.stop()
	s.awaitReady("stopping")
	if err := <-ended; err == nil {
		t.Error("it ends as if nothing hung")
	}
}

// The path is public, so many probes must not cost many statements.
func TestReady_ManyProbesShareOneStatement(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.run()
	s.awaitReady("ready")
	<-time.After(time.Second) // the last result has expired
	s.statements.Store(0)
	began := time.Now()

	var probes sync.WaitGroup
	for range 100 {
		probes.Go(func() { s.ready() })
	}
	probes.Wait()

	// An answer is good for a second.
	if n, took := s.statements.Load(), time.Since(began); n > 2+int64(took/time.Second) {
		t.Errorf("100 probes cost %d statements within %v", n, took)
	}
}

func TestRun_ErrTheListenerFails(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ended := s.run()
	s.awaitReady("ready")

	_ = s.listener.Close()

	if err := <-ended; err == nil || !strings.Contains(err.Error(), "serve") {
		t.Errorf("it ends with %v", err)
	}
}

func TestRun_ErrTheJobQueueEnds(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ended := s.run()
	s.awaitReady("ready")

	if err := app.StopJobs(t.Context(), s.App); err != nil {
		t.Fatal(err)
	}

	if err := <-ended; err == nil || !strings.Contains(err.Error(), "job queue") {
		t.Errorf("it ends with %v", err)
	}
	if _, text := s.ready(); text != "stopping" {
		t.Errorf("it is %s", text)
	}
}

// bareServer is a server without the test kit.
type bareServer struct {
	*app.App
	DB       *db.DB
	t        *testing.T
	proxy    *dbtest.Proxy
	listener net.Listener
	stop     context.CancelFunc
	// statements counts the statements that check whether the database is writable.
	statements *atomic.Int64
}

func newServer(t *testing.T, change ...func(*settings.Settings)) *bareServer {
	t.Helper()
	s := &bareServer{t: t, stop: func() {}, statements: &atomic.Int64{}}
	var url string
	s.proxy, url = dbtest.Before(t, dbtest.URL(t))
	d, err := db.Open(t.Context(), db.Config{URL: db.URL(url), MaxConns: 10, Tracer: probeTracer{s.statements}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// No call has to wait for a black hole.
		s.proxy.Pass()
		s.proxy.Cut(dbtest.All)
		d.Close()
	})
	master, err := secret.NewMaster(secret.NewText("a master secret for tests, and for nothing else"))
	if err != nil {
		t.Fatal(err)
	}
	set := latchkeytest.Defaults(t)
	set.Server.ShutdownTimeout = 2 * time.Second
	for _, f := range change {
		f(&set)
	}
	s.DB = d
	s.App, err = app.New(t.Context(), app.Config{
		Settings: set, DB: d, Master: master, PublicURL: latchkeytest.PublicURL, Log: slog.New(slog.DiscardHandler),
		Hashing: password.Config{Argon2: password.CheapArgon2()}, Frontend: fstest.MapFS{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *bareServer) run() (ended <-chan error) {
	s.t.Helper()
	var err error
	if s.listener, err = (&net.ListenConfig{}).Listen(s.t.Context(), "tcp", "127.0.0.1:0"); err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	s.stop = cancel
	done, result := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(done)
		result <- s.Run(ctx, s.listener)
	}()
	s.t.Cleanup(func() {
		cancel()
		<-done
	})
	return result
}

func (s *bareServer) ready() (status int, text string) {
	w := httptest.NewRecorder()
	app.Handler(s.App).ServeHTTP(w, httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, "/readyz", nil))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func (s *bareServer) awaitReady(want string) {
	s.t.Helper()
	await(s.t, "it answers "+want, func() bool {
		_, text := s.ready()
		return text == want
	})
}

type probeTracer struct{ statements *atomic.Int64 }

// TraceQueryStart counts.
func (p probeTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if strings.Contains(data.SQL, "transaction_read_only") {
		p.statements.Add(1)
	}
	return ctx
}

// TraceQueryEnd does nothing.
func (probeTracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
