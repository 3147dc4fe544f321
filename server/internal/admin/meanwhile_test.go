package admin_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// acts are the calls of AdminService that change something.
func acts(env *latchkeytest.Env, user string) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"SetRole": func(ctx context.Context) error {
			_, err := env.Admin.SetRole(ctx, &latchkeyv1.SetRoleRequest{UserId: user, Role: "trainer"})
			return err
		},
		"Disable": func(ctx context.Context) error {
			_, err := env.Admin.Disable(ctx, &latchkeyv1.DisableRequest{UserId: user, Reason: "for a test"})
			return err
		},
		"Enable": func(ctx context.Context) error {
			_, err := env.Admin.Enable(ctx, &latchkeyv1.EnableRequest{UserId: user})
			return err
		},
		"RevokeSessions": func(ctx context.Context) error {
			_, err := env.Admin.RevokeSessions(ctx, &latchkeyv1.RevokeSessionsRequest{UserId: user})
			return err
		},
		"SendPush": func(ctx context.Context) error {
			_, err := env.Admin.SendPush(ctx, &latchkeyv1.SendPushRequest{UserId: user, Title: "Hello", Body: "world"})
			return err
		},
	}
}

// meanwhile runs a call that waits for the account's lock, and a statement that takes effect before the call gets it.
func meanwhile(env *latchkeytest.Env, account [16]byte, call func() error, statement string, args ...any) error {
	env.T.Helper()
	tx, err := env.DB.Begin(env.T.Context())
	if err != nil {
		env.T.Fatal(err)
	}
	defer tx.Rollback(env.T.Context()) //nolint:errcheck // after the commit it does nothing
	if _, err := tx.Exec(env.T.Context(), "SELECT FROM users WHERE id = $1 FOR UPDATE", account); err != nil {
		env.T.Fatal(err)
	}
	outcome := make(chan error, 1)
	go func() { outcome <- call() }()
	env.AwaitWaiters(1)
	if _, err := tx.Exec(env.T.Context(), statement, args...); err != nil {
		env.T.Fatal(err)
	}
	if err := tx.Commit(env.T.Context()); err != nil {
		env.T.Fatal(err)
	}
	return <-outcome
}

// Who loses the role or the session while the call waits must not have an effect any more. Nor has a call on an account that is deleted
// meanwhile, of which a message and an event would stay behind.
func TestSE03_AnActThatWaitsIsRefusedByWhatHappensMeanwhile(t *testing.T) {
	t.Parallel()
	for act := range acts(nil, "") {
		for what, c := range map[string]struct {
			statement string
			ofTarget  bool
			want      latchkeyv1.Reason
		}{
			"the session ends":       {"DELETE FROM sessions WHERE user_id = $1", false, sessionRevoked},
			"the role is taken":      {"UPDATE users SET role = 'trainee' WHERE id = $1", false, latchkeyv1.Reason_REASON_ROLE_REQUIRED},
			"the account is deleted": {"DELETE FROM users WHERE id = $1", true, notFound},
		} {
			t.Run(act+" while "+what, func(t *testing.T) {
				t.Parallel()
				env := latchkeytest.New(t)
				admin, ada := env.Administrator("admin@example.com"), env.Person(adasAddress)
				ada.SignsUp()
				registers(t, env, ada, "adas-phone")
				env.AwaitJobs()
				before := env.Rows("sends", "events", "river_job")
				subject := admin.ID()
				if c.ofTarget {
					subject = ada.ID()
				}

				err := meanwhile(env, ada.ID(), func() error { return acts(env, ada.User.GetId())[act](admin.As()) }, c.statement, subject)

				env.Refused(err, c.want)
				if diff := cmp.Diff(before, env.Rows("sends", "events", "river_job")); diff != "" {
					t.Errorf("something is left behind (-before +after):\n%s", diff)
				}
			})
		}
	}
}
