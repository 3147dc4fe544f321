// Package latchkeytest runs the real server for a test, on a database of its own, and gives the people who use it names
// and verbs, so that a test reads like a story:
//
//	env := latchkeytest.New(t)
//	ada := env.Person("ada@example.com")
//	ada.SignsUp()
//	env.Clock.Advance(25 * time.Hour)
//	ada.SeesProfileFails(latchkeyv1.Reason_REASON_TOKEN_EXPIRED)
package latchkeytest

import (
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"connectrpc.com/connect"
	"github.com/alecthomas/kong"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// PublicURL is the public URL of the server under test.
const PublicURL = "http://latchkey.test"

// Env is a running server.
type Env struct {
	// T is the test; its verbs fail it.
	T testing.TB
	// URL is where the server listens.
	URL string
	// PublicURL is the public URL of this server.
	PublicURL string
	// Clock is the server's time.
	Clock  *dbtest.Clock
	DB     *db.DB
	Outbox *notify.Outbox
	// HTTP speaks HTTP/1.1, as browsers without TLS and curl do.
	HTTP *http.Client
	// Auth, Account and Admin speak Connect with JSON.
	Auth    latchkeyv1connect.AuthServiceClient
	Account latchkeyv1connect.AccountServiceClient
	Admin   latchkeyv1connect.AdminServiceClient

	stop func() <-chan error
	// options are the options of New, for replicas.
	options []Option
}

// Option changes the server under test.
type Option func(*app.Config)

// With changes settings.
func With(change func(*settings.Settings)) Option {
	return func(c *app.Config) { change(&c.Settings) }
}

// At changes the public URL.
func At(publicURL string) Option {
	return func(c *app.Config) { c.PublicURL = publicURL }
}

// LogTo sends the server's log to a handler, at every level.
func LogTo(handler slog.Handler) Option {
	return func(c *app.Config) { c.Log = slog.New(handler) }
}

// WithoutOutbox does not show the kept messages.
func WithoutOutbox() Option {
	return func(c *app.Config) { c.ShowOutbox = false }
}

// OnDB runs the server on an existing database.
func OnDB(d *db.DB) Option {
	return func(c *app.Config) { c.DB = d }
}

// WithFrontend serves these files as the built pages. Without it, there are none.
func WithFrontend(files fs.FS) Option {
	return func(c *app.Config) { c.Frontend = files }
}

// WithMaster replaces the master secret.
func WithMaster(text string) Option {
	return func(c *app.Config) { c.Master = master(text) }
}

// Hashing sets the costs and limits of password hashing.
func Hashing(hashing password.Config) Option {
	return func(c *app.Config) { c.Hashing = hashing }
}

// WithBcrypt hashes with bcrypt at its lowest cost. The race detector makes that take seconds, and a busy machine makes it take
// longer than calls may: they have five minutes.
func WithBcrypt() Option {
	return func(c *app.Config) {
		c.Settings.Passwords.Algorithm = password.Bcrypt
		c.CallTimeout = 5 * time.Minute
	}
}

// New runs a server until the test ends.
func New(t testing.TB, options ...Option) *Env {
	t.Helper()
	clock := dbtest.NewClock()
	server, cfg := build(t, clock, options)
	url, stop := serve(t, server)
	client := &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Minute}
	t.Cleanup(client.CloseIdleConnections)
	return &Env{
		T:         t,
		URL:       url,
		PublicURL: cfg.PublicURL,
		Clock:     clock,
		DB:        cfg.DB,
		Outbox:    server.Outbox,
		HTTP:      client,
		Auth:      latchkeyv1connect.NewAuthServiceClient(client, url, connect.WithProtoJSON()),
		Account:   latchkeyv1connect.NewAccountServiceClient(client, url, connect.WithProtoJSON()),
		Admin:     latchkeyv1connect.NewAdminServiceClient(client, url, connect.WithProtoJSON()),
		stop:      stop,
		options:   slices.Clip(options),
	}
}

// Services builds the services on a database without running them: jobs are queued and not run. The clock is that of the
// database.
func Services(t testing.TB, d *db.DB, options ...Option) *app.Services {
	t.Helper()
	server, _ := build(t, nil, append(options, OnDB(d)))
	return server.Services
}

// build builds a server with the given options.
func build(t testing.TB, clock *dbtest.Clock, options []Option) (*app.App, app.Config) {
	t.Helper()
	cfg := app.Config{
		Settings:  Defaults(t),
		Master:    master("a master secret for tests, and for nothing else"),
		PublicURL: PublicURL,
		Log:       slog.New(slog.DiscardHandler),
		Hashing:   password.Config{Argon2: password.CheapArgon2()},
		// Tests do not depend on whether the pages were built.
		Frontend: fstest.MapFS{},
		// As `latchkey dev` does.
		ShowOutbox: true,
	}
	if os.Getenv("LATCHKEY_TEST_LOG") != "" {
		cfg.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	for _, option := range options {
		option(&cfg)
	}
	if cfg.DB == nil {
		cfg.DB = dbtest.New(t, clock.Now)
	}
	server, err := app.New(t.Context(), cfg)
	if err != nil {
		t.Fatalf("put the server together: %v", err)
	}
	return server, cfg
}

// Defaults returns the default settings.
func Defaults(t testing.TB) settings.Settings {
	t.Helper()
	s, err := defaults()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// defaults are read once, since each of hundreds of servers would take some milliseconds. Tests may replace lists in their copy,
// but not change the elements.
var defaults = sync.OnceValues(func() (settings.Settings, error) {
	var s struct{ settings.Settings }
	parser, err := kong.New(&s, settings.NewSource(nil).Options()...)
	if err != nil {
		return settings.Settings{}, err
	}
	_, err = parser.Parse(nil)
	return s.Settings, err
})

// serve runs a server, and checks at the end of the test that it stops without an error.
func serve(t testing.TB, server *app.App) (url string, stop func() <-chan error) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	stopped := make(chan error, 1)
	go func() {
		stopped <- server.Run(ctx, listener)
		close(stopped)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Errorf("the server did not stop cleanly: %v", err)
		}
	})
	return "http://" + listener.Addr().String(), func() <-chan error {
		cancel()
		return stopped
	}
}

// Rows counts the rows of tables, for tests that nothing has changed. For river_job it counts the jobs that calls have caused,
// and for rate_limits the rows that still count: the schedule inserts the former and deletes the latter at any time.
func (e *Env) Rows(tables ...string) map[string]int {
	e.T.Helper()
	counts := map[string]int{}
	for _, table := range slices.Sorted(slices.Values(tables)) {
		query, args := "SELECT count(*) FROM "+table, []any(nil)
		switch table {
		case "river_job":
			query += " WHERE kind <> 'sweep'"
		case "rate_limits":
			query, args = query+" WHERE ends_at > $1", []any{e.Clock.Now()}
		}
		var n int
		if err := e.DB.QueryRow(e.T.Context(), query, args...).Scan(&n); err != nil {
			e.T.Fatal(err)
		}
		counts[table] = n
	}
	return counts
}

func master(text string) secret.Master {
	m, err := secret.NewMaster(secret.NewText(text))
	if err != nil {
		panic(err)
	}
	return m
}

// HTTP2 returns a client that speaks HTTP/2 without TLS and nothing else, as gRPC between services does.
func (e *Env) HTTP2() *http.Client {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: &protocols}, Timeout: time.Minute}
	e.T.Cleanup(client.CloseIdleConnections)
	return client
}
