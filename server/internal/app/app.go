// Package app wires the packages into a server. New builds it in the order of the dependencies, and Run serves until it is
// stopped. No other package imports all the others. Tests build the same server with other settings.
package app

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/clients/web"
	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// Config is what New needs in addition to the settings.
type Config struct {
	// Settings must have no Problems.
	Settings settings.Settings
	// DB is open and migrated. The caller closes it, after Run.
	DB     *db.DB
	Master secret.Master
	// PublicURL is the origin of the server, as users and programs reach it.
	PublicURL string
	Log       *slog.Logger
	// ShowOutbox shows the messages without a configured provider to everyone who reaches the server.
	ShowOutbox bool
	// AllowLocalPages allows calls from pages of any port on this machine, and logs the origins of refused pages.
	AllowLocalPages bool
	// Hashing has the settings of password hashing that tests change.
	Hashing password.Config
	// Frontend replaces the pages that are built into the binary; for tests.
	Frontend fs.FS
	// OnServing is called when the server begins to serve, if it is set.
	OnServing func()

	// CallTimeout replaces the limit on calls; for tests.
	CallTimeout time.Duration
	// networkWork replaces how much work a network may cause in a second; for tests.
	networkWork float64
	// wait and shutdown are those of the process, if it starts and stops more than the App.
	wait     *databaseWait
	shutdown *shutdown
	// postgresEnded is closed when an embedded Postgres has ended, and nil without one.
	postgresEnded <-chan struct{}
}

// App is a server, ready to run.
type App struct {
	// Outbox keeps the messages without a configured provider.
	Outbox *notify.Outbox

	*Services

	cfg     Config
	handler http.Handler
	// addresses finds the addresses of clients, also behind proxies.
	addresses clientAddress
	// origins are the origins on other hosts whose pages may call.
	origins *allowedOrigins
	// senders send messages.
	senders senders
	// frontend is nil if the pages were not built.
	frontend *frontend
	// These limit what is open at the same time.
	connections, streams *networkLimit
	requests, probes     inFlight
	work                 *workBudget
	// outage and pageErrors limit the log lines of an outage or of a caller who is not signed in.
	outage     *loglimit.Outage
	pageErrors *slog.Logger
	// requestLog gets a line for each request. All other parts use cfg.Log, which is limited.
	requestLog *slog.Logger
	readiness  *readiness
	shutdown   *shutdown
}

// New builds a server. Its error says what the operator has to do.
func New(ctx context.Context, cfg Config) (*App, error) {
	s := cfg.Settings
	unlimited := cfg.Log
	cfg.Log = slog.New(loglimit.ByMessage(unlimited.Handler(), messageLines))
	if s.Limits.Mode == ratelimit.Off {
		cfg.Log.WarnContext(ctx, "rate limits are off: password attempts are not limited")
	}
	if cfg.wait == nil {
		cfg.wait = newDatabaseWait(s.Server.DatabaseWait, cfg.Log)
	}
	if cfg.shutdown == nil {
		cfg.shutdown = &shutdown{limit: s.Server.ShutdownTimeout}
	}
	a := &App{
		cfg: cfg, Outbox: notify.NewOutbox(cfg.DB.Clock), shutdown: cfg.shutdown,
		outage: loglimit.NewOutage(cfg.Log), pageErrors: slog.New(loglimit.Handler(cfg.Log.Handler(), pageErrorLines)),
		requestLog: unlimited,
	}
	a.readiness = newReadiness(a)
	a.limit(s)

	var err error
	if a.addresses, err = newClientAddress(s.Server.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trust proxies: %w", err)
	}
	a.origins = &allowedOrigins{listed: s.Calls.AllowedOrigins}
	if cfg.AllowLocalPages {
		a.origins.local, a.origins.log = true, unlimited
	}
	if cfg.Frontend == nil {
		cfg.Frontend = web.Files()
	}
	if a.frontend, err = newFrontend(cfg.Frontend, frontendPolicy(pushOrigins(s)...)); err != nil {
		return nil, err
	}
	if a.senders, err = newSenders(ctx, s, a.Outbox, cfg.DB.Clock); err != nil {
		return nil, err
	}
	if a.Services, err = newServices(ctx, cfg, a.senders, a.shutdown.draining()); err != nil {
		return nil, err
	}
	webPush, err := webPushOf(s)
	if err != nil {
		return nil, err
	}
	calls, err := rpc.New(rpc.Deps{
		Accounts:      a.Accounts,
		Admin:         a.Admin,
		Verifications: a.Verifications,
		Codes:         a.codes,
		Tokens:        a.Tokens,
		Sessions:      a.Sessions,
		Activity:      a.Activity,
		Cookies:       cookiesOf(cfg),
		// Behind a proxy, the Host header can differ from the page's origin.
		OwnOrigin:     strings.TrimSuffix(cfg.PublicURL, "/"),
		AllowedOrigin: a.origins.allow,
		Push:          webPush,
		OutboxPath:    a.outboxPath(),
		Clock:         cfg.DB.Clock,
		Log:           cfg.Log,
		Outage:        a.outage,
		Unavailable:   db.Unavailable,
	})
	if err != nil {
		return nil, err
	}
	a.handler = a.routes(calls)
	return a, nil
}

// cookiesOf returns Secure cookies if the public URL is https, since the server is then reached by TLS only.
func cookiesOf(cfg Config) rpc.Cookies {
	cookies := rpc.Cookies{Secure: strings.HasPrefix(cfg.PublicURL, "https://"), SameSite: cfg.Settings.Calls.SameSite.HTTP()}
	if u, err := url.Parse(cfg.PublicURL); err == nil {
		cookies.Port = u.Port()
	}
	return cookies
}
