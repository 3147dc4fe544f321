//go:build linux || darwin

package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest/clustertest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// A restart of Postgres delays calls, and makes none of them fail.
func TestARestartOfPostgresFailsNoCall(t *testing.T) {
	t.Parallel()
	cluster, env := onCluster(t)
	load := startLoad(t, env)

	for quick := 0; quick < 3; {
		load.awaitCalls(5)
		began := time.Now()
		cluster.Restart()
		// On a busy machine, a restart can take longer than calls wait.
		if took := time.Since(began); took > time.Second {
			t.Logf("a restart took %v", took)
			load.awaitCalls(5)
			load.forgetFailures()
			continue
		}
		quick++
	}
	load.awaitCalls(5)

	load.hasNoFailures()
}

// An administrator or a pooler ends connections that are idle, in a transaction, or running a statement.
func TestTerminatedConnectionsFailNoCall(t *testing.T) {
	t.Parallel()
	cluster, env := onCluster(t)
	load := startLoad(t, env)

	for range 10 {
		load.awaitCalls(3)
		cluster.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`)
	}
	load.awaitCalls(3)

	load.hasNoFailures()
}

// onCluster runs a server on its own Postgres.
func onCluster(t *testing.T, options ...latchkeytest.Option) (*clustertest.Cluster, *latchkeytest.Env) {
	t.Helper()
	cluster := clustertest.New(t)
	return cluster, envOn(t, cluster, options...)
}

func envOn(t *testing.T, cluster *clustertest.Cluster, options ...latchkeytest.Option) *latchkeytest.Env {
	t.Helper()
	if _, err := db.Migrate(t.Context(), cluster.URL, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	d := latchkeytest.Open(t, db.Config{URL: db.URL(cluster.URL), MaxConns: 10})
	return latchkeytest.New(t, append(options, latchkeytest.OnDB(d), latchkeytest.With(func(s *settings.Settings) {
		s.Limits.Mode = ratelimit.Off
		// Fixed codes need no delivery, which would be slow while connections end.
		s.Codes.FixedCodes = secret.NewText(fixedCodes())
		s.Codes.FixedCodesUntil = time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	}))...)
}

const (
	fixedCode     = "135790"
	fixedContacts = 5000
)

func fixedContact(n int) string { return fmt.Sprintf("p%d@example.com", n%fixedContacts) }

func fixedCodes() string {
	codes := make([]string, fixedContacts)
	for n := range codes {
		codes[n] = fixedContact(n) + "=" + fixedCode
	}
	return strings.Join(codes, ",")
}

// load is people who call the server without pauses.
type load struct {
	t *testing.T
	// calls counts the answers by person.
	calls []*atomic.Int64
	stop  func()

	mu       sync.Mutex
	failures map[string]int
}

func startLoad(t *testing.T, env *latchkeytest.Env) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var people sync.WaitGroup
	l := &load{t: t, failures: map[string]int{}}
	l.stop = func() {
		cancel()
		people.Wait()
	}
	t.Cleanup(l.stop)
	// Bob signs in without a pause: with a hundred sessions, his oldest ones end.
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()

	do := func(name string, call func(ctx context.Context) error) {
		calls := &atomic.Int64{}
		l.calls = append(l.calls, calls)
		people.Go(func() {
			for ctx.Err() == nil {
				// A running call gets its response although the load ends.
				calling, done := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
				if err := call(calling); err != nil {
					l.failed(name, err)
				}
				done()
				calls.Add(1)
				// Leave the processors to the server and Postgres.
				<-time.After(time.Millisecond)
			}
		})
	}
	withToken := func(ctx context.Context, token string) context.Context {
		ctx, info := connect.NewClientContext(ctx)
		info.RequestHeader().Set("Authorization", "Bearer "+token)
		return ctx
	}
	do("SignIn", func(ctx context.Context) error {
		_, err := env.Auth.SignIn(ctx, &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: bob.Email}, Password: bob.Password,
		})
		return err
	})
	refresh := ada.SignsIn().GetTokens().GetRefreshToken()
	do("Refresh", func(ctx context.Context) error {
		answer, err := env.Auth.Refresh(ctx, &latchkeyv1.RefreshRequest{RefreshToken: refresh})
		if err == nil {
			refresh = answer.GetTokens().GetRefreshToken()
		}
		return err
	})
	reader := ada.SignsIn().GetTokens().GetAccessToken()
	do("GetProfile", func(ctx context.Context) error {
		_, err := env.Account.GetProfile(withToken(ctx, reader), &latchkeyv1.GetProfileRequest{})
		return err
	})
	writer, version := ada.SignsIn().GetTokens().GetAccessToken(), 0
	do("UpdateProfile", func(ctx context.Context) error {
		version++
		name := fmt.Sprintf("Ada %d", version)
		_, err := env.Account.UpdateProfile(withToken(ctx, writer), &latchkeyv1.UpdateProfileRequest{Name: &name})
		return err
	})
	contact := 0
	do("VerifyCode", func(ctx context.Context) error {
		contact++
		sent, err := env.Auth.SendCode(ctx, &latchkeyv1.SendCodeRequest{
			Purpose: latchkeyv1.Purpose_PURPOSE_SIGN_UP, Contact: &latchkeyv1.SendCodeRequest_Email{Email: fixedContact(contact)},
		})
		if err != nil {
			return fmt.Errorf("send the code: %w", err)
		}
		_, err = env.Auth.VerifyCode(ctx, &latchkeyv1.VerifyCodeRequest{
			VerificationId: sent.GetVerificationId(), Code: fixedCode,
		})
		return err
	})
	return l
}

// awaitCalls waits until every caller has had n more responses.
func (l *load) awaitCalls(n int64) {
	l.t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for _, calls := range l.calls {
		for want := calls.Load() + n; calls.Load() < want; {
			select {
			case <-deadline.C:
				l.t.Fatalf("%d calls are answered, want %d", calls.Load(), want)
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
}

func (l *load) failed(name string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failures[fmt.Sprintf("%s: %v %v", name, latchkeytest.Detail(err).GetReason(), err)]++
}

func (l *load) forgetFailures() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.failures)
}

func (l *load) hasNoFailures() {
	l.t.Helper()
	l.stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, calls := range l.calls {
		l.t.Logf("%d calls", calls.Load())
	}
	for failure, n := range l.failures {
		l.t.Errorf("%d times %s", n, failure)
	}
}
