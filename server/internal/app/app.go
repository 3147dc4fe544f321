// Package app is where the parts become a server: New puts them together in the order in which they need each other, and
// Run serves until it is told to stop. It is the one place that knows every package. Tests build the very same thing with
// other settings.
package app

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/clients/web"
	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/cleanup"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/push"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
	"github.com/latchkey-auth/latchkey/server/internal/token"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Config is what New needs beside the settings.
type Config struct {
	// Settings have no Problems.
	Settings settings.Settings
	// DB is open and migrated. The caller closes it, after Run.
	DB     *db.DB
	Master secret.Master
	// PublicURL is the origin that people and programs reach the server by.
	PublicURL string
	Log       *slog.Logger
	// ShowOutbox lets everybody who reaches the server read the messages for which no provider is configured.
	ShowOutbox bool
	// AllowLocalPages lets pages of any port on this machine call, and has the log hear of pages that may not.
	AllowLocalPages bool
	// Argon2 replaces the cost of password hashes; for tests.
	Argon2 password.Argon2Params
	// Frontend replaces the pages that are built into the binary; for tests.
	Frontend fs.FS
	// OnServing is called when the server begins to serve, if it is set.
	OnServing func()

	// callTimeout replaces the limit on calls; for tests.
	callTimeout time.Duration
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
	// Outbox keeps the messages for which no provider is configured.
	Outbox *notify.Outbox

	cfg      Config
	handler  http.Handler
	accounts *account.Service
	jobs     *jobs.Client
	// sessions follow what other replicas do, while the server runs.
	sessions *session.Service
	tokens   *token.Issuer
	// addresses are found behind proxies too.
	addresses clientAddress
	// origins are those of pages on other hosts that may call.
	origins *allowedOrigins
	// senders carry messages out.
	senders senders
	// frontend is nil when the pages were not built.
	frontend *frontend
	// These bound what is open at the same time.
	connections, streams *networkLimit
	requests, probes     inFlight
	work                 *workBudget
	// outage and pageErrors keep an outage, or a stranger, from filling the log.
	outage     *loglimit.Outage
	pageErrors *slog.Logger
	// requestLog has a line for each request. All other parts log through cfg.Log, which has a limit.
	requestLog *slog.Logger
	readiness  *readiness
	shutdown   *shutdown
}

// New puts a server together. It fails with an error that tells an operator what to do.
func New(ctx context.Context, cfg Config) (*App, error) {
	s := cfg.Settings
	unlimited := cfg.Log
	cfg.Log = slog.New(loglimit.ByMessage(unlimited.Handler(), messageLines))
	if s.RateLimits == settings.LimitsOff {
		cfg.Log.WarnContext(ctx, "rate limits are off: anybody may try passwords as often as they like")
	}
	if cfg.wait == nil {
		cfg.wait = newDatabaseWait(s.DatabaseWait, cfg.Log)
	}
	if cfg.shutdown == nil {
		cfg.shutdown = &shutdown{limit: s.ShutdownTimeout}
	}
	a := &App{
		cfg: cfg, Outbox: notify.NewOutbox(cfg.DB.Clock), shutdown: cfg.shutdown,
		outage: loglimit.NewOutage(cfg.Log), pageErrors: slog.New(loglimit.Handler(cfg.Log.Handler(), pageErrorLines)),
		requestLog: unlimited,
	}
	a.readiness = newReadiness(a)
	a.limit(s)

	var err error
	if a.addresses, err = newClientAddress(s.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trust proxies: %w", err)
	}
	a.origins = &allowedOrigins{listed: s.AllowedOrigins}
	if cfg.AllowLocalPages {
		a.origins.local, a.origins.log = true, unlimited
	}
	if cfg.Frontend == nil {
		cfg.Frontend = web.Files()
	}
	if a.frontend, err = newFrontend(cfg.Frontend, frontendPolicy(pushOrigins(s)...)); err != nil {
		return nil, err
	}
	if err := cfg.wait.until(ctx, "read the signing keys", func(ctx context.Context) (err error) {
		a.tokens, err = token.NewIssuer(ctx, cfg.DB, tokenConfig(cfg))
		return err
	}); err != nil {
		return nil, err
	}
	hasher, err := password.New(password.Config{
		Algorithm: s.PasswordHash, BcryptCost: s.BcryptCost, Argon2: cfg.Argon2,
		// A processor is left free: with one hash on each, everything else waits for tens of milliseconds.
		MaxConcurrent: max(1, runtime.GOMAXPROCS(0)-1),
	})
	if err != nil {
		return nil, fmt.Errorf("set up password hashing: %w", err)
	}
	rules, err := rulesOf(s, hasher)
	if err != nil {
		return nil, err
	}
	fixed, err := fixedCodes(ctx, s, cfg.DB.Clock(), unlimited)
	if err != nil {
		return nil, err
	}
	codes := verification.Config{
		CodeTTL: s.CodeTTL, ResendWait: s.CodeResendWait, ProofTTL: s.ProofTTL, Master: cfg.Master, Fixed: fixed,
	}
	verifications := verification.New(cfg.DB, codes)
	if a.senders, err = newSenders(ctx, s, a.Outbox, cfg.DB.Clock); err != nil {
		return nil, err
	}
	devices := push.New(cfg.DB, cfg.Master)
	disowning := session.NewDisowning(cfg.Master)
	set := jobs.NewSet()
	set.SoftStop = a.shutdown.draining()
	notify.Add(set, notify.Deps{
		DB:           cfg.DB,
		Mail:         a.senders.mail,
		SMS:          a.senders.sms,
		Push:         a.senders.push,
		FindCode:     findCode(verifications),
		Return:       verifications.ReturnSend,
		FindToken:    devices.Token,
		FindFarewell: devices.Farewell,
		ForgetDevice: devices.Forget,
		DisownLink:   disownLink(cfg.PublicURL, disowning),
		Clock:        cfg.DB.Clock,
		Log:          cfg.Log,
	})
	cleanup.Add(set, cfg.DB)
	if a.jobs, err = jobs.New(cfg.DB, set, cfg.Log); err != nil {
		return nil, err
	}
	activity := audit.New(cfg.DB, cfg.Master)
	a.sessions, err = session.New(session.Deps{DB: cfg.DB, Tokens: a.tokens, Audit: activity, Log: cfg.Log}, session.Config{
		RefreshTTL: s.RefreshTokenTTL, MaxAge: s.SessionMaxAge, RefreshGrace: s.RefreshGrace, RefreshRetryWindow: s.RefreshRetryWindow, RedisURL: s.RedisURL,
	})
	if err != nil {
		return nil, err
	}
	limits := ratelimit.New(cfg.DB, s.RateLimits == settings.LimitsOn)
	a.accounts = account.New(account.Deps{
		DB:            cfg.DB,
		Rules:         rules,
		Passwords:     hasher,
		Verifications: verifications,
		Sessions:      a.sessions,
		Messages:      notify.New(a.jobs, limits),
		Sends:         notify.NewSends(cfg.DB),
		Audit:         activity,
		Jobs:          a.jobs,
		Devices:       devices,
		Disowning:     disowning,
		Limits:        limits,
	})
	webPush, err := webPushOf(s)
	if err != nil {
		return nil, err
	}
	calls, err := rpc.New(rpc.Deps{
		Accounts:      a.accounts,
		Verifications: verifications,
		Codes:         codes,
		Tokens:        a.tokens,
		Sessions:      a.sessions,
		Activity:      activity,
		Cookies:       cookiesOf(cfg),
		// Behind a proxy the Host header may be another one than the page's.
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

func tokenConfig(cfg Config) token.Config {
	return token.Config{
		Issuer:        cfg.PublicURL,
		FormerIssuers: formerIssuers(cfg.Settings),
		AccessTTL:     cfg.Settings.AccessTokenTTL,
		RefreshTTL:    min(cfg.Settings.RefreshTokenTTL, cfg.Settings.SessionMaxAge),
		Master:        cfg.Master,
		Algorithm:     cfg.Settings.TokenAlgorithm,
		KeyMaxAge:     cfg.Settings.KeyMaxAge,
		Log:           cfg.Log,
	}
}

// formerIssuers returns the former issuers as origins, without a trailing slash.
func formerIssuers(s settings.Settings) []string {
	issuers := make([]string, len(s.FormerIssuers))
	for i, issuer := range s.FormerIssuers {
		issuers[i] = strings.TrimSuffix(issuer, "/")
	}
	return issuers
}

func rulesOf(s settings.Settings, hasher *password.Hasher) (account.Rules, error) {
	policy, err := password.ParsePolicy(s.PasswordPolicy)
	if err != nil {
		return account.Rules{}, err
	}
	return account.Rules{
		Email:        s.SignUpEmail,
		Phone:        s.SignUpPhone,
		Discovery:    s.Discovery,
		Roles:        s.Roles,
		PhoneRegion:  s.PhoneRegion,
		SMSCountries: s.SMSCountries,
		Passwords:    policy.WithMaxBytes(hasher.MaxBytes()),
	}, nil
}

// cookiesOf chooses by the public URL: what begins with https is only ever reached by TLS.
func cookiesOf(cfg Config) rpc.Cookies {
	cookies := rpc.Cookies{Secure: strings.HasPrefix(cfg.PublicURL, "https://"), SameSite: http.SameSiteLaxMode}
	if u, err := url.Parse(cfg.PublicURL); err == nil {
		cookies.Port = u.Port()
	}
	if cfg.Settings.CookieSameSite == settings.SameSiteNone {
		cookies.SameSite = http.SameSiteNoneMode
	}
	return cookies
}

// findCode lets the delivery ask for codes without knowing what a verification is.
func findCode(verifications *verification.Service) notify.FindCode {
	return func(ctx context.Context, id notify.VerificationID) (notify.CodeMessage, notify.CodeState, error) {
		code, state, err := verifications.Sendable(ctx, id)
		if err != nil {
			return notify.CodeMessage{}, "", err
		}
		channel := notify.Email
		if code.Contact.Channel == verification.Phone {
			channel = notify.SMS
		}
		return notify.CodeMessage{
			Purpose: notify.CodePurpose(code.Purpose), Channel: channel, To: code.Contact.Value, Locale: code.Locale, Code: code.Code, ExpiresAt: code.ExpiresAt,
		}, notify.CodeState(state), nil
	}
}
