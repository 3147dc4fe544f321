package admin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// Each story has an administrator and somebody with two devices, of its own.
func TestAdministration(t *testing.T) {
	t.Parallel()
	server, people := latchkeytest.New(t), 0
	for name, story := range map[string]func(t *testing.T, env *latchkeytest.Env, admin, ada, twin *latchkeytest.Person){
		"SE03 ends sessions": func(_ *testing.T, _ *latchkeytest.Env, admin, ada, twin *latchkeytest.Person) {
			admin.EndsSessionsOf(ada)
			ada.LosesSession(sessionRevoked)
			twin.LosesSession(sessionRevoked)
			twin.RefreshesFails(sessionRevoked)
			// Nothing is wrong with the account.
			ada.SignsIn()
			admin.SeesProfile()
		},
		"SE04 disables and enables": func(t *testing.T, env *latchkeytest.Env, admin, ada, twin *latchkeytest.Person) {
			proof := ada.ProvesEmail(latchkeyv1.Purpose_PURPOSE_SIGN_IN)
			admin.Disables(ada)
			admin.Disables(ada)
			ada.LosesSession(sessionRevoked)
			twin.RefreshesFails(sessionRevoked)
			ada.SignsInFails(ada.Password, latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
			_, err := env.Auth.SignInWithCode(t.Context(), &latchkeyv1.SignInWithCodeRequest{VerificationId: proof})
			env.Refused(err, latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
			admin.Enables(ada)
			// What has ended stays so.
			twin.LosesSession(sessionRevoked)
			twin.RefreshesFails(sessionRevoked)
			ada.SignsIn()
			ada.SeesProfile()
		},
		"SE04 changes a role": func(t *testing.T, _ *latchkeytest.Env, admin, ada, twin *latchkeytest.Person) {
			if got := admin.SetsRole(ada, "trainer").GetRole(); got != "trainer" {
				t.Errorf("the answer tells %s", got)
			}
			for _, device := range []*latchkeytest.Person{ada, twin} {
				device.LosesSession(tokenExpired)
				device.Refreshes()
				if got := device.SeesProfile().GetRole(); got != "trainer" {
					t.Errorf("the role is %s", got)
				}
			}
			// Nothing changes when nothing changes.
			admin.SetsRole(ada, "trainer")
			ada.SeesProfile()
		},
		"AZ03 makes an administrator, and unmakes": func(_ *testing.T, env *latchkeytest.Env, admin, ada, _ *latchkeytest.Person) {
			admin.SetsRole(ada, "admin")
			ada.Refreshes()
			ada.SetsRole(admin, "trainee")
			admin.LosesSession(tokenExpired)
			admin.Refreshes()
			_, err := env.Admin.SetRole(admin.As(), &latchkeyv1.SetRoleRequest{UserId: ada.User.GetId(), Role: "trainee"})
			env.Refused(err, latchkeyv1.Reason_REASON_ROLE_REQUIRED)
		},
		"AZ03 not for oneself, nor for nobody": func(_ *testing.T, env *latchkeytest.Env, admin, ada, _ *latchkeytest.Person) {
			ctx, nobody := admin.As(), "usr_00000000000000000000000000"
			for user, want := range map[string]latchkeyv1.Reason{
				admin.User.GetId(): invalidFields, nobody: notFound, "usr_0": notFound, "ses" + ada.User.GetId()[3:]: invalidFields, "": invalidFields,
			} {
				_, err := env.Admin.SetRole(ctx, &latchkeyv1.SetRoleRequest{UserId: user, Role: "trainee"})
				env.Refused(err, want)
				_, err = env.Admin.Disable(ctx, &latchkeyv1.DisableRequest{UserId: user, Reason: "a slip"})
				env.Refused(err, want)
				if user == admin.User.GetId() {
					continue
				}
				_, err = env.Admin.Enable(ctx, &latchkeyv1.EnableRequest{UserId: user})
				env.Refused(err, want)
				_, err = env.Admin.RevokeSessions(ctx, &latchkeyv1.RevokeSessionsRequest{UserId: user})
				env.Refused(err, want)
			}
			_, err := env.Admin.SetRole(ctx, &latchkeyv1.SetRoleRequest{UserId: ada.User.GetId(), Role: "emperor"})
			env.Refused(err, invalidFields)
			ada.SeesProfile()
			admin.SeesProfile()
			// An administrator may end the own sessions, this one included.
			admin.EndsSessionsOf(admin)
			admin.LosesSession(sessionRevoked)
		},
		"AU01 is recorded, with its actor and without the address": func(t *testing.T, _ *latchkeytest.Env, admin, ada, _ *latchkeytest.Person) {
			admin.SetsRole(ada, "trainer")
			admin.EndsSessionsOf(ada)
			admin.Disables(ada)
			admin.Enables(ada)
			ada.SignsIn()
			for i, want := range []string{"signed_in", "enabled", "disabled", "sessions_ended", "role_changed"} {
				if got := ada.Activity()[i]; got != want {
					t.Errorf("entry %d is %s, want %s", i, got, want)
				}
			}
			got := map[string]string{}
			for _, e := range ada.Events() {
				if e.ActorKind != "administrator" {
					continue
				}
				if e.ActorID != admin.User.GetId() || e.IP != "" || e.UserAgent != "" || !strings.HasPrefix(e.RequestID, "req_") {
					t.Errorf("%+v is not as it should be", e)
				}
				got[e.Type] = e.Details
			}
			want := map[string]string{
				"role_changed": `{"role": "trainer"}`, "sessions_ended": "", "disabled": `{"reason": "for a test"}`, "enabled": "",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the details by type (-want +got):\n%s", diff)
			}
		},
	} {
		people++
		adminsAddress, adasAddress := fmt.Sprintf("admin%d@example.com", people), fmt.Sprintf("ada%d@example.com", people)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := server.For(t)
			admin, ada := env.Administrator(adminsAddress), env.Person(adasAddress)
			ada.SignsUp()
			story(t, env, admin, ada, ada.Twin())
		})
	}
}
