package account_test

import (
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

// The response does not reveal who has an account.
func TestID07_NoCodeToReauthenticateGoesToAContactWithoutAnAccount(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	nothingIsSent(t, env, "+821012345678", confirmsCode)
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
