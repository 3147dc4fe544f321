package app

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/admin"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/cleanup"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/push"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
	"github.com/latchkey-auth/latchkey/server/internal/token"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Services are the use-cases of a server with their dependencies, without the transport. Tests call them directly where the
// network would disturb a race.
type Services struct {
	Accounts      *account.Service
	Admin         *admin.Service
	Verifications *verification.Service
	// Sessions follows other replicas while the server runs.
	Sessions *session.Service
	Tokens   *token.Issuer
	Activity *audit.Log
	Devices  *push.Registry
	Hasher   *password.Hasher
	Jobs     *jobs.Client

	codes verification.Config
}

// newServices builds the services in the order of their dependencies. When the server stops, running jobs have softStop to
// finish.
func newServices(ctx context.Context, cfg Config, out senders, softStop time.Duration) (*Services, error) {
	s := cfg.Settings
	services := &Services{}
	var err error
	if err := cfg.wait.until(ctx, "read the signing keys", func(ctx context.Context) (err error) {
		services.Tokens, err = token.NewIssuer(ctx, cfg.DB, tokensOf(cfg))
		return err
	}); err != nil {
		return nil, err
	}
	if services.Hasher, err = password.New(hashingOf(cfg)); err != nil {
		return nil, fmt.Errorf("set up password hashing: %w", err)
	}
	rules, err := rulesOf(s, services.Hasher)
	if err != nil {
		return nil, err
	}
	fixed, err := fixedCodes(ctx, s, cfg.DB.Clock(), cfg.Log)
	if err != nil {
		return nil, err
	}
	services.codes = s.Codes
	services.codes.Master, services.codes.Fixed = cfg.Master, fixed
	services.Verifications = verification.New(cfg.DB, services.codes)
	services.Devices = push.New(cfg.DB, cfg.Master)
	reportLinks := session.NewReportLinks(cfg.Master)
	set := jobs.NewSet()
	set.SoftStop = softStop
	notify.Add(set, notify.Deps{
		DB:                   cfg.DB,
		Mail:                 out.mail,
		SMS:                  out.sms,
		Push:                 out.push,
		Codes:                services.Verifications,
		FindToken:            services.Devices.Token,
		FindFinalNoticeToken: services.Devices.FinalNoticeToken,
		ForgetDevice:         services.Devices.Forget,
		ReportLink:           reportLink(cfg.PublicURL, reportLinks),
		Clock:                cfg.DB.Clock,
		Log:                  cfg.Log,
	})
	cleanup.Add(set, cfg.DB, s.Events.Retention)
	if services.Jobs, err = jobs.New(cfg.DB, set, cfg.Log); err != nil {
		return nil, err
	}
	services.Activity = audit.New(cfg.DB, cfg.Master)
	services.Sessions, err = session.New(session.Deps{DB: cfg.DB, Tokens: services.Tokens, Audit: services.Activity, Log: cfg.Log}, s.Sessions)
	if err != nil {
		return nil, err
	}
	limits := ratelimit.New(cfg.DB, s.Limits)
	messages, sends := notify.New(services.Jobs, limits), notify.NewSends(cfg.DB)
	services.Accounts = account.New(account.Deps{
		DB:            cfg.DB,
		Rules:         rules,
		Passwords:     services.Hasher,
		Verifications: services.Verifications,
		Sessions:      services.Sessions,
		Messages:      messages,
		Sends:         sends,
		Audit:         services.Activity,
		Jobs:          services.Jobs,
		Devices:       services.Devices,
		ReportLinks:   reportLinks,
		Limits:        limits,
	})
	services.Admin = admin.New(admin.Deps{
		DB:       cfg.DB,
		Roles:    rules.Roles,
		Sessions: services.Sessions,
		Messages: messages,
		Sends:    sends,
		Limits:   limits,
		Devices:  services.Devices,
	})
	return services, nil
}

func hashingOf(cfg Config) password.Config {
	hashing := cfg.Hashing
	if hashing.Algorithm == "" {
		hashing.Algorithm, hashing.BcryptCost = cfg.Settings.Passwords.Algorithm, cfg.Settings.Passwords.BcryptCost
	}
	if hashing.MaxConcurrent == 0 {
		// One processor is left free: with a hash on each, everything else would wait for tens of milliseconds.
		hashing.MaxConcurrent = max(1, runtime.GOMAXPROCS(0)-1)
	}
	return hashing
}

func tokensOf(cfg Config) token.Config {
	tokens := cfg.Settings.Tokens
	tokens.Issuer, tokens.Master, tokens.Log = cfg.PublicURL, cfg.Master, cfg.Log
	tokens.RefreshTTL = min(cfg.Settings.Sessions.RefreshTTL, cfg.Settings.Sessions.MaxAge)
	// As origins, without a trailing slash.
	tokens.FormerIssuers = nil
	for _, issuer := range cfg.Settings.Tokens.FormerIssuers {
		tokens.FormerIssuers = append(tokens.FormerIssuers, strings.TrimSuffix(issuer, "/"))
	}
	return tokens
}

func rulesOf(s settings.Settings, hasher *password.Hasher) (account.Rules, error) {
	policy, err := password.ParsePolicy(s.Passwords.Policy)
	if err != nil {
		return account.Rules{}, err
	}
	rules := s.Accounts
	rules.Passwords = policy.WithMaxBytes(hasher.MaxBytes())
	return rules, nil
}
