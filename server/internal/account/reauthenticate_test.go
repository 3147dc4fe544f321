package account_test

import (
	"context"
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const (
	tooOld       = latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED
	badProof     = latchkeyv1.Reason_REASON_PROOF_INVALID
	confirmsCode = latchkeyv1.Purpose_PURPOSE_REAUTHENTICATE
)

func byPassword(password string) *latchkeyv1.ReauthenticateRequest {
	return &latchkeyv1.ReauthenticateRequest{Evidence: &latchkeyv1.ReauthenticateRequest_Password{Password: password}}
}

func byCode(verification string) *latchkeyv1.ReauthenticateRequest {
	return &latchkeyv1.ReauthenticateRequest{Evidence: &latchkeyv1.ReauthenticateRequest_VerificationId{VerificationId: verification}}
}

// isRecent calls a method that needs a recent session, and changes nothing.
func isRecent(env *latchkeytest.Env, p *latchkeytest.Person) bool {
	env.T.Helper()
	_, err := env.Account.ChangeContact(p.As(), &latchkeyv1.ChangeContactRequest{VerificationId: "vrf_0"})
	reason := latchkeytest.Detail(err).GetReason()
	if reason != tooOld && reason != badProof {
		env.T.Fatalf("ChangeContact answers %v", err)
	}
	return reason == badProof
}

func TestSE10_ReauthenticatingMakesTheSessionRecent(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	elsewhere := *ada
	elsewhere.SignsIn()
	env.Clock.Advance(10*time.Minute + time.Second)

	_, err := env.Account.Reauthenticate(ada.As(), byPassword("Wrong-horse1"))
	env.Refused(err, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	if isRecent(env, ada) {
		t.Error("a wrong password makes the session recent")
	}
	// The token of before is enough: the client need not renew it.
	ada.Reauthenticates()
	if !isRecent(env, ada) {
		t.Error("the session is not recent after the right password")
	}
	if isRecent(env, &elsewhere) {
		t.Error("the session of another device is recent as well")
	}
	if got := ada.Activity()[0]; got != "reauthenticated" {
		t.Errorf("the activity says %s", got)
	}

	// Renewing neither ends nor prolongs it.
	env.Clock.Advance(9 * time.Minute)
	ada.Refreshes()
	if !isRecent(env, ada) {
		t.Error("renewing has made the session old")
	}
	env.Clock.Advance(time.Minute + time.Second)
	if isRecent(env, ada) {
		t.Error("the session is recent for longer than ten minutes")
	}
}

func TestSE10_ACodeOfAnOwnContactReauthenticates(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()
	env.Clock.Advance(10*time.Minute + time.Second)
	refused := func(name string, request *latchkeyv1.ReauthenticateRequest) {
		t.Helper()
		_, err := env.Account.Reauthenticate(ada.As(), request)
		env.Refused(err, badProof)
		if isRecent(env, ada) {
			t.Errorf("%s makes the session recent", name)
		}
	}

	refused("another one's proof", byCode(bob.ProvesEmail(confirmsCode)))
	refused("a proof for something else", byCode(ada.ProvesEmail(signIn)))
	proof := ada.ProvesEmail(confirmsCode)
	if _, err := env.Account.Reauthenticate(ada.As(), byCode(proof)); err != nil {
		t.Fatal(err)
	}
	if !isRecent(env, ada) {
		t.Error("the session is not recent after the right code")
	}
	env.Clock.Advance(10*time.Minute + time.Second)
	refused("a used proof", byCode(proof))
}

// A stranger cannot have anybody asked whether it is really them. The response does not reveal who has an account.
func TestID07_ACodeToReauthenticateGoesToTheCallersOwnContacts(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()
	asks := func(ctx context.Context, address string) (*latchkeyv1.SendCodeResponse, error) {
		return env.Auth.SendCode(ctx, &latchkeyv1.SendCodeRequest{
			Purpose: confirmsCode, Contact: &latchkeyv1.SendCodeRequest_Email{Email: address},
		})
	}
	_, err := asks(t.Context(), bob.Email)
	env.Refused(err, latchkeyv1.Reason_REASON_TOKEN_MISSING)

	for address, sent := range map[string]int{ada.Email: 1, bob.Email: 0, "nobody@example.com": 0} {
		before, _ := env.Outbox.List(address)
		answer, err := asks(ada.As(), address)
		if err != nil || answer.GetVerificationId() == "" || answer.GetExpiresAt() == nil || answer.GetResendAt() == nil {
			t.Errorf("%s: got %v, %v", address, answer, err)
		}
		env.AwaitJobs()
		if after, _ := env.Outbox.List(address); len(after)-len(before) != sent {
			t.Errorf("%s is sent %d messages, want %d", address, len(after)-len(before), sent)
		}
	}
}

// A password that the user has forgotten can be replaced once a code has proven who they are.
func TestPW07_APasswordIsReplacedByARecentSession(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	elsewhere := *ada
	elsewhere.SignsIn()
	env.Clock.Advance(10*time.Minute + time.Second)
	replace := func(password string) error {
		_, err := env.Account.ChangePassword(ada.As(), &latchkeyv1.ChangePasswordRequest{NewPassword: password})
		return err
	}

	env.Refused(replace("Another-horse2"), tooOld)
	if _, err := env.Account.Reauthenticate(ada.As(), byCode(ada.ProvesEmail(confirmsCode))); err != nil {
		t.Fatal(err)
	}
	env.Refused(replace("short"), latchkeyv1.Reason_REASON_PASSWORD_POLICY)
	if err := replace("Another-horse2"); err != nil {
		t.Fatal(err)
	}
	ada.SignsInFails(ada.Password, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	elsewhere.LosesSession(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	ada.SeesProfile()
	ada.Password = "Another-horse2"
	ada.SignsIn()

	// An account without a password sets its first one.
	if _, err := env.DB.Exec(t.Context(), "DELETE FROM passwords"); err != nil {
		t.Fatal(err)
	}
	got := env.Refused(replace("A-third-horse3"), latchkeyv1.Reason_REASON_INVALID_FIELDS)
	if len(got.GetViolations()) != 1 || got.GetViolations()[0].GetRule() != "password.missing" {
		t.Errorf("without a password, it is refused with %v", got)
	}
}

func TestSE10_AProofFromBeforeTheAccountWasSecuredIsWorthNothing(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	proof := ada.ProvesEmail(confirmsCode)
	env.Clock.Advance(time.Second)
	if _, err := env.Account.ChangePassword(ada.As(), &latchkeyv1.ChangePasswordRequest{
		CurrentPassword: ada.Password, NewPassword: "Another-horse2",
	}); err != nil {
		t.Fatal(err)
	}
	_, err := env.Account.Reauthenticate(ada.As(), byCode(proof))
	env.Refused(err, badProof)
}

// A session that has ended is not made recent by a call that was under way.
func TestSE04_ASessionThatHasEndedCannotReauthenticate(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	ended := *ada
	ada.SignsIn()
	ada.RevokesOtherSessions()
	_, err := env.Account.Reauthenticate(ended.As(), byPassword(ada.Password))
	env.Refused(err, latchkeyv1.Reason_REASON_SESSION_REVOKED)
}
