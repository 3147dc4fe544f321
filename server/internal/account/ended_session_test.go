package account_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// changing are the calls that change something, each with what it needs to succeed.
var changing = map[string]func(env *latchkeytest.Env, p *latchkeytest.Person) func(context.Context) error{
	"UpdateProfile": func(env *latchkeytest.Env, _ *latchkeytest.Person) func(context.Context) error {
		name := "Eve"
		return func(ctx context.Context) error {
			_, err := env.Account.UpdateProfile(ctx, &latchkeyv1.UpdateProfileRequest{Name: &name})
			return err
		}
	},
	"ChangePassword": func(env *latchkeytest.Env, p *latchkeytest.Person) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := env.Account.ChangePassword(ctx, &latchkeyv1.ChangePasswordRequest{CurrentPassword: p.Password, NewPassword: "Another-horse1"})
			return err
		}
	},
	"ChangePassword without the current one": func(env *latchkeytest.Env, _ *latchkeytest.Person) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := env.Account.ChangePassword(ctx, &latchkeyv1.ChangePasswordRequest{NewPassword: "Another-horse1"})
			return err
		}
	},
	"SetPassword": func(env *latchkeytest.Env, p *latchkeytest.Person) func(context.Context) error {
		if _, err := env.DB.Exec(env.T.Context(), "DELETE FROM passwords WHERE user_id = $1", p.ID()); err != nil {
			env.T.Fatal(err)
		}
		return func(ctx context.Context) error {
			_, err := env.Account.SetPassword(ctx, &latchkeyv1.SetPasswordRequest{NewPassword: "Another-horse1"})
			return err
		}
	},
	"ChangeContact": func(env *latchkeytest.Env, _ *latchkeytest.Person) func(context.Context) error {
		proof := env.ProvesPhone("+821099990001", latchkeyv1.Purpose_PURPOSE_CHANGE_CONTACT)
		return func(ctx context.Context) error {
			_, err := env.Account.ChangeContact(ctx, &latchkeyv1.ChangeContactRequest{VerificationId: proof})
			return err
		}
	},
	"Reauthenticate": func(env *latchkeytest.Env, p *latchkeytest.Person) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := env.Account.Reauthenticate(ctx, &latchkeyv1.ReauthenticateRequest{Evidence: &latchkeyv1.ReauthenticateRequest_Password{Password: p.Password}})
			return err
		}
	},
	"RevokeSession": func(env *latchkeytest.Env, p *latchkeytest.Person) func(context.Context) error {
		sessions, err := env.Account.ListSessions(p.As(), &latchkeyv1.ListSessionsRequest{})
		if err != nil {
			env.T.Fatal(err)
		}
		var other string
		for _, s := range sessions.GetSessions() {
			if !s.GetCurrent() {
				other = s.GetId()
			}
		}
		return func(ctx context.Context) error {
			_, err := env.Account.RevokeSession(ctx, &latchkeyv1.RevokeSessionRequest{SessionId: other})
			return err
		}
	},
	"RevokeOtherSessions": func(env *latchkeytest.Env, _ *latchkeytest.Person) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := env.Account.RevokeOtherSessions(ctx, &latchkeyv1.RevokeOtherSessionsRequest{})
			return err
		}
	},
	"RegisterDevice": func(env *latchkeytest.Env, _ *latchkeytest.Person) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := env.Account.RegisterDevice(ctx, &latchkeyv1.RegisterDeviceRequest{Token: "a-token", Platform: latchkeyv1.Platform_PLATFORM_ANDROID, Name: "A phone"})
			return err
		}
	},
	"DeleteAccount": func(env *latchkeytest.Env, _ *latchkeytest.Person) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := env.Account.DeleteAccount(ctx, &latchkeyv1.DeleteAccountRequest{})
			return err
		}
	},
}

// unaffected are the other calls of AccountService that change something.
var unaffected = map[string]string{
	"SignOut":          "it ends the session, which has ended",
	"UnregisterDevice": "it waits for no lock on the account",
	"StartSocialLink":  "not built yet",
	"UnlinkAccount":    "not built yet",
}

// A call can wait for the account's lock after its session was checked. If the call that it waits for ends the session, it must not
// have an effect: the owner who ends a thief's session has ended what the thief has queued too.
func TestSE03_ACallThatWaitsForTheEndOfItsSessionIsRefused(t *testing.T) {
	t.Parallel()
	for name, call := range changing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t)
			ada := env.Person("ada@example.com")
			ada.SignsUp()
			thief := *ada
			thief.SignsIn()
			do := call(env, &thief)
			env.AwaitJobs()

			owner, err := env.DB.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer owner.Rollback(t.Context()) //nolint:errcheck // after the commit it does nothing
			if _, err := owner.Exec(t.Context(), "SELECT FROM users WHERE id = $1 FOR UPDATE", ada.ID()); err != nil {
				t.Fatal(err)
			}
			outcome := make(chan error, 1)
			go func() { outcome <- do(thief.As()) }()
			env.AwaitWaiters(1)
			if _, err := owner.Exec(t.Context(), "DELETE FROM sessions WHERE id = $1", sessionID(env, &thief)); err != nil {
				t.Fatal(err)
			}
			before := state(env, owner, ada)
			if err := owner.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			env.Refused(<-outcome, latchkeyv1.Reason_REASON_SESSION_REVOKED)
			if diff := cmp.Diff(before, state(env, env.DB, ada)); diff != "" {
				t.Errorf("it has changed something (-before +after):\n%s", diff)
			}
		})
	}
}

// A method that is new has to be tried above, or say why it need not be.
func TestSE03_EveryCallThatChangesSomethingIsTried(t *testing.T) {
	t.Parallel()
	methods := latchkeyv1.File_latchkey_v1_account_service_proto.Services().ByName("AccountService").Methods()
	for i := range methods.Len() {
		name := string(methods.Get(i).Name())
		options, _ := methods.Get(i).Options().(*descriptorpb.MethodOptions)
		if options.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS || unaffected[name] != "" {
			continue
		}
		if _, ok := changing[name]; !ok {
			t.Errorf("%s is not tried", name)
		}
	}
}

// What is kept is a session that is alive: one that has ended must not come back with the next generation.
func TestSE03_AnEndedSessionIsNotKept(t *testing.T) {
	t.Parallel()
	b := setup(t, patient)
	m := b.joins(0)
	if err := b.accounts.SignOut(t.Context(), m.caller); err != nil {
		t.Fatal(err)
	}
	b.exec("UPDATE users SET kept_session = NULL")
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error { return b.sessions.EndOthers(t.Context(), tx, m.caller.User, m.caller.Session) }); err != nil {
		t.Fatal(err)
	}
	if n := b.count("SELECT count(*) FROM users WHERE kept_session IS NOT NULL"); n != 0 {
		t.Error("the session is kept")
	}
}

// sessionID returns the id of the person's newest session.
func sessionID(env *latchkeytest.Env, p *latchkeytest.Person) [16]byte {
	env.T.Helper()
	sessions, err := env.Account.ListSessions(p.As(), &latchkeyv1.ListSessionsRequest{})
	if err != nil {
		env.T.Fatal(err)
	}
	for _, s := range sessions.GetSessions() {
		if s.GetCurrent() {
			session, err := id.ParseSession(s.GetId())
			if err != nil {
				env.T.Fatal(err)
			}
			return session
		}
	}
	env.T.Fatal("the session is not listed")
	return [16]byte{}
}

// state is what a call can change of an account.
func state(env *latchkeytest.Env, handle dbsqlc.DBTX, p *latchkeytest.Person) map[string]string {
	env.T.Helper()
	all := map[string]string{}
	for what, query := range map[string]string{
		"account":  "SELECT coalesce(string_agg(name || ' ' || coalesce(phone, '-') || ' ' || session_generation, ','), '') FROM users WHERE id = $1",
		"password": "SELECT coalesce(string_agg(hash, ','), '') FROM passwords WHERE user_id = $1",
		"sessions": "SELECT count(*)::text FROM sessions WHERE user_id = $1 AND reauthenticated_at IS NULL",
		"devices":  "SELECT count(*)::text FROM devices WHERE user_id = $1",
		"events":   "SELECT count(*)::text FROM events WHERE user_id = $1",
	} {
		var value string
		if err := handle.QueryRow(env.T.Context(), query, p.ID()).Scan(&value); err != nil {
			env.T.Fatal(err)
		}
		all[what] = value
	}
	return all
}
