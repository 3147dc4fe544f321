package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// forwarded returns a context in which calls have an X-Forwarded-For header.
func forwarded(ctx context.Context, line string) context.Context {
	ctx, info := connect.NewClientContext(ctx)
	info.RequestHeader().Set("X-Forwarded-For", line)
	return ctx
}

func trusting(proxies ...string) latchkeytest.Option {
	return latchkeytest.With(func(s *settings.Settings) { s.Server.TrustedProxies = proxies })
}

// The tests connect from 127.0.0.1, which is a trusted proxy of one of the servers.
func TestRL04_SessionsAndTheLogHaveTheClientsAddress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		proxies []string
		want    string
	}{
		"a proxy":    {[]string{"10.0.0.0/8", "127.0.0.1"}, "203.0.113.9"},
		"no proxy":   {nil, "127.0.0.1"},
		"other ones": {[]string{"10.0.0.0/8"}, "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &buffer{}
			env := latchkeytest.New(t, trusting(c.proxies...), latchkeytest.LogTo(slog.NewTextHandler(log, nil)))
			ada := env.Person("ada@example.com")
			ada.SignsUp()

			signedIn, err := env.Auth.SignIn(forwarded(t.Context(), "198.51.100.1, 203.0.113.9"), &latchkeyv1.SignInRequest{
				Identifier: &latchkeyv1.SignInRequest_Email{Email: ada.Email}, Password: ada.Password,
			})
			if err != nil {
				t.Fatal(err)
			}
			ada.Tokens = signedIn.GetTokens()
			sessions, err := env.Account.ListSessions(ada.As(), &latchkeyv1.ListSessionsRequest{})
			if err != nil {
				t.Fatal(err)
			}
			for _, session := range sessions.GetSessions() {
				if session.GetCurrent() && session.GetIp() != c.want {
					t.Errorf("the session comes from %s, want %s", session.GetIp(), c.want)
				}
			}
			if !strings.Contains(log.String(), "ip="+c.want) {
				t.Errorf("the log does not tell %s: %s", c.want, log)
			}
		})
	}
}

// A budget belongs to a network: a /64 of IPv6. Addresses in a header give a client no further budget.
func TestRL04_LimitsCountByTheClientsNetwork(t *testing.T) {
	t.Parallel()
	asks := func(env *latchkeytest.Env, from string) error {
		_, err := env.Auth.CheckAvailability(forwarded(env.T.Context(), from), &latchkeyv1.CheckAvailabilityRequest{
			Contact: &latchkeyv1.CheckAvailabilityRequest_Email{Email: "nobody@example.com"},
		})
		return err
	}
	const budget = 300
	behind, open := latchkeytest.New(t, trusting("127.0.0.1")), latchkeytest.New(t)
	for i := range budget {
		// One home, with many addresses and many forged headers.
		if err := asks(behind, fmt.Sprintf("198.51.100.%d, 2001:db8:0:1::%x", i%250, i)); err != nil {
			t.Fatalf("after %d questions: %v", i, err)
		}
		if err := asks(open, fmt.Sprintf("2001:db8:0:%x::1", i)); err != nil {
			t.Fatalf("after %d questions: %v", i, err)
		}
	}
	behind.Refused(asks(behind, "198.51.100.251, 2001:db8:0:1::ffff"), latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS)
	if err := asks(behind, "2001:db8:0:2::1"); err != nil {
		t.Errorf("the neighbours are refused: %v", err)
	}
	open.Refused(asks(open, "2001:db8:0:ffff::1"), latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS)
}
