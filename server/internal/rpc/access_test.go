package rpc_test

import (
	"testing"
	"time"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// outcomes holds the result for each kind of caller. letIn is the result behind the gate: the body of these calls is no message
// of any method, so nothing runs.
type outcomes struct{ nobody, junk, refresh, expired, user, staleUser, admin latchkeyv1.Reason }

const (
	letIn   = latchkeyv1.Reason_REASON_INVALID_FIELDS
	missing = latchkeyv1.Reason_REASON_TOKEN_MISSING
	bad     = latchkeyv1.Reason_REASON_TOKEN_INVALID
	expired = latchkeyv1.Reason_REASON_TOKEN_EXPIRED
	tooOld  = latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED
	noRole  = latchkeyv1.Reason_REASON_ROLE_REQUIRED
)

var (
	public = outcomes{letIn, letIn, letIn, letIn, letIn, letIn, letIn}
	// The holder of an expired token gets the reason to renew it.
	optional = outcomes{letIn, letIn, letIn, expired, letIn, letIn, letIn}

	session = outcomes{missing, bad, bad, expired, letIn, letIn, letIn}
	recent  = outcomes{missing, bad, bad, expired, letIn, tooOld, letIn}
	admins  = outcomes{missing, bad, bad, expired, noRole, noRole, letIn}
	// A user's token is not looked at: it is no service key.
	service = outcomes{missing, bad, bad, bad, bad, bad, bad}
)

// access is written down here a second time, on purpose: who may call a method is not changed by changing one word.
var access = map[string]outcomes{
	"AuthService.GetSession":         optional,
	"AuthService.GetSettings":        public,
	"AuthService.CheckAvailability":  public,
	"AuthService.SendCode":           optional,
	"AuthService.VerifyCode":         public,
	"AuthService.SignUp":             public,
	"AuthService.SignIn":             public,
	"AuthService.SignInWithCode":     public,
	"AuthService.Refresh":            public,
	"AuthService.ResetPassword":      public,
	"AuthService.StartSocialSignIn":  public,
	"AuthService.FinishSocialSignUp": public,

	"AccountService.GetProfile":          session,
	"AccountService.UpdateProfile":       session,
	"AccountService.ChangePassword":      session,
	"AccountService.ChangeContact":       recent,
	"AccountService.SignOut":             session,
	"AccountService.ListSessions":        session,
	"AccountService.RevokeSession":       session,
	"AccountService.RevokeOtherSessions": session,
	"AccountService.RegisterDevice":      session,
	"AccountService.UnregisterDevice":    session,
	"AccountService.ListLinkedAccounts":  session,
	"AccountService.StartSocialLink":     recent,
	"AccountService.UnlinkAccount":       recent,
	"AccountService.ListActivity":        session,
	"AccountService.DeleteAccount":       recent,
	"AccountService.Reauthenticate":      session,
	"AccountService.SetPassword":         recent,

	"AdminService.ListUsers":        admins,
	"AdminService.GetUser":          admins,
	"AdminService.SetRole":          admins,
	"AdminService.Disable":          admins,
	"AdminService.Enable":           admins,
	"AdminService.RevokeSessions":   admins,
	"AdminService.ListUserActivity": admins,
	"AdminService.SendPush":         admins,

	"TokenService.VerifyToken":      service,
	"TokenService.WatchRevocations": service,
}

// callers are the Authorization headers of every kind of caller.
type callers struct{ junk, refresh, expired, user, staleUser, admin header }

func everyCaller(t testing.TB, env *latchkeytest.Env) callers {
	t.Helper()
	var c callers
	old := env.Person("old@example.com")
	old.SignsUp()
	c.expired = bearer(old.Tokens.GetAccessToken())
	env.Clock.Advance(24*time.Hour + time.Minute)

	stale := env.Person("stale@example.com")
	stale.SignsUp()
	c.staleUser = bearer(stale.Tokens.GetAccessToken())
	env.Clock.Advance(10*time.Minute + time.Second)

	fresh := env.Person("fresh@example.com")
	fresh.SignsUp()
	c.user = bearer(fresh.Tokens.GetAccessToken())
	c.refresh = bearer(fresh.Tokens.GetRefreshToken())
	c.admin = bearer(signUpAdmin(t, env, "admin@example.com").Tokens.GetAccessToken())
	c.junk = bearer("zqx.zqx.zqx")
	return c
}

func TestAZ01_EveryMethodLetsInWhomItMust(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	who := everyCaller(t, env)

	for name, method := range methods() {
		want, ok := access[name]
		if !ok {
			t.Errorf("%s has no row in the table: say who may call it", name)
			continue
		}
		const noMessage = "["
		got := outcomes{
			nobody:    reasonOf(t, env, method, noMessage),
			junk:      reasonOf(t, env, method, noMessage, who.junk),
			refresh:   reasonOf(t, env, method, noMessage, who.refresh),
			expired:   reasonOf(t, env, method, noMessage, who.expired),
			user:      reasonOf(t, env, method, noMessage, who.user),
			staleUser: reasonOf(t, env, method, noMessage, who.staleUser),
			admin:     reasonOf(t, env, method, noMessage, who.admin),
		}
		if got != want {
			t.Errorf("%s:\n got  %v\n want %v", name, got, want)
		}
	}
	for name := range access {
		if methods()[name] == nil {
			t.Errorf("%s is not in the contract: take its row away", name)
		}
	}
}

func TestAZ01_GRPCHasTheSameGate(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	who := everyCaller(t, env)
	// GetProfile has nothing that could be wrong.
	profile := session
	profile.user, profile.staleUser, profile.admin = 0, 0, 0

	for name, protocol := range map[string]connect.ClientOption{"gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb()} {
		client := env.HTTP2()
		accounts := latchkeyv1connect.NewAccountServiceClient(client, env.URL, protocol)
		adminCalls := latchkeyv1connect.NewAdminServiceClient(client, env.URL, protocol)

		for method, want := range map[string]outcomes{"GetProfile": profile, "SetRole": admins} {
			as := func(h ...header) latchkeyv1.Reason {
				ctx, info := connect.NewClientContext(t.Context())
				for _, h := range h {
					info.RequestHeader().Add(h.name, h.value)
				}
				var err error
				if method == "GetProfile" {
					_, err = accounts.GetProfile(ctx, &latchkeyv1.GetProfileRequest{})
				} else {
					_, err = adminCalls.SetRole(ctx, &latchkeyv1.SetRoleRequest{})
				}
				if err != nil && latchkeytest.Detail(err) == nil {
					t.Errorf("%s, %s: %v", name, method, err)
				}
				return latchkeytest.Detail(err).GetReason()
			}
			got := outcomes{as(), as(who.junk), as(who.refresh), as(who.expired), as(who.user), as(who.staleUser), as(who.admin)}
			if got != want {
				t.Errorf("%s, %s:\n got  %v\n want %v", name, method, got, want)
			}
		}
	}
}

func TestAZ01_ASignInIsRecentForTenMinutes(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	changeContact := methods()["AccountService.ChangeContact"]
	caller := bearer(ada.Tokens.GetAccessToken())

	// The token knows whole seconds.
	env.Clock.Advance(10*time.Minute - time.Second)
	if got := reasonOf(t, env, changeContact, "[", caller); got != letIn {
		t.Errorf("just before: %s", got)
	}
	env.Clock.Advance(2 * time.Second)
	if got := reasonOf(t, env, changeContact, "[", caller); got != tooOld {
		t.Errorf("just after: %s", got)
	}
	ada.SignsIn()
	if got := reasonOf(t, env, changeContact, "[", bearer(ada.Tokens.GetAccessToken())); got != letIn {
		t.Errorf("after signing in again: %s", got)
	}
}
