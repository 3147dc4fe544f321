// Package rpc is the transport. It admits calls, reads and validates their messages, runs the use-cases, and maps their errors to
// responses. Handlers convert, and decide nothing.
//
// The same handlers serve Connect, gRPC and gRPC-Web, by the same rules.
package rpc

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/admin"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// MaxMessage is the maximum size of a request's message in bytes. The largest one of the contract needs a tenth of it.
const MaxMessage = 64 << 10

// Deps holds what the handlers depend on.
type Deps struct {
	Accounts      *account.Service
	Admin         *admin.Service
	Verifications *verification.Service
	Codes         verification.Config
	Tokens        *token.Issuer
	Sessions      *session.Service
	Activity      *audit.Log
	// Cookies describes the cookies with tokens.
	Cookies Cookies
	// OwnOrigin is the origin of the server's own pages, which may act with cookies.
	OwnOrigin string
	// AllowedOrigin reports whether pages of another origin may act with cookies.
	AllowedOrigin func(origin string) bool
	// Push is the configuration with which browsers register for notifications; nil if they cannot.
	Push *latchkeyv1.PushWebConfig
	// OutboxPath is the path of the page with kept messages; empty if none are kept.
	OutboxPath string
	Clock      func() time.Time
	Log        *slog.Logger
	// Outage logs that the database is down, and that it is back.
	Outage *loglimit.Outage
	// Unavailable reports whether an error means that the database is down.
	Unavailable func(error) bool
}

// New returns the handler of everything below /latchkey.v1. It fails if a method of the contract has no access option.
func New(d Deps) (http.Handler, error) {
	methods, err := readMethods(services...)
	if err != nil {
		return nil, err
	}
	rules, err := contractRules()
	if err != nil {
		return nil, fmt.Errorf("set up validation: %w", err)
	}
	sizes, err := contractSizes()
	if err != nil {
		return nil, fmt.Errorf("set up validation: %w", err)
	}
	texts, err := contractTexts()
	if err != nil {
		return nil, fmt.Errorf("set up validation: %w", err)
	}
	var (
		errors    = newErrorMapper(d.Log, d.Outage, d.Unavailable)
		gate      = gate{methods: methods, tokens: d.Tokens, sessions: d.Sessions, errors: errors}
		validator = validator{rules: rules, sizes: sizes, texts: texts, settings: newSettingsRules(d.Accounts, d.Admin)}
	)
	options := append(codecs(),
		connect.WithRequestGate(gate.enter),
		// The first interceptor is the outermost, so it maps the errors of the others too.
		connect.WithInterceptors(errors, cookieClearer{methods}, validator),
		connect.WithReadMaxBytes(MaxMessage),
		// Off in both directions. A small message can unpack into a large one. And if a response holds both a secret and a
		// caller's text, its compressed length reveals the secret (CRIME, BREACH).
		connect.WithCompression("gzip", nil, nil),
	)

	mux := http.NewServeMux()
	mux.Handle(latchkeyv1connect.NewAuthServiceHandler(&authService{
		accounts: d.Accounts, verifications: d.Verifications, sessions: d.Sessions, tokens: d.Tokens,
		settings: settingsOf(d), log: d.Log,
	}, options...))
	mux.Handle(latchkeyv1connect.NewAccountServiceHandler(&accountService{
		accounts: d.Accounts, sessions: d.Sessions, activity: d.Activity,
	}, options...))
	mux.Handle(latchkeyv1connect.NewAdminServiceHandler(&adminService{admin: d.Admin}, options...))
	mux.Handle(latchkeyv1connect.NewTokenServiceHandler(latchkeyv1connect.UnimplementedTokenServiceHandler{}, options...))
	calls := browsers{
		next:    connectErrors{next: mux, errors: errors, methods: methods},
		cookies: d.Cookies,
		origins: newOrigins(d.Cookies, d.OwnOrigin, d.AllowedOrigin),
		clock:   d.Clock,
	}
	return recovery{next: calls, errors: errors}, nil
}
