package account_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

func change(t *testing.T, env *latchkeytest.Env, p *latchkeytest.Person, proof string) (*latchkeyv1.User, error) {
	t.Helper()
	answer, err := env.Account.ChangeContact(p.As(), &latchkeyv1.ChangeContactRequest{VerificationId: proof})
	return answer.GetUser(), err
}

func TestID06_ChangingTheAddress(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	resetByOld := ada.ProvesEmail(resetPassword)
	lovelace := env.Person("lovelace@example.com")

	user, err := change(t, env, ada, lovelace.ProvesEmail(changeContact))
	if err != nil || user.GetEmail() != "lovelace@example.com" || !user.GetEmailVerified() {
		t.Fatalf("the account is %v, %v", user, err)
	}
	lovelace.SignsIn()
	ada.SignsInFails(ada.Password, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	// Two codes, then the notice to the old address.
	if got := ada.ReadsNotice(3); !strings.Contains(got, "contact of your Latchkey account was changed") {
		t.Errorf("the old address is told %q", got)
	}
	ada.ResetsPasswordFails(resetByOld, "Another-horse2", latchkeyv1.Reason_REASON_PROOF_INVALID)
	if got := lovelace.Activity(); !slices.Contains(got, "email_changed") {
		t.Errorf("the activity is %v", got)
	}
	// The old address is free again.
	if !available(t, env, &latchkeyv1.CheckAvailabilityRequest_Email{Email: "ada@example.com"}) {
		t.Error("the old address is still taken")
	}
}

func TestID06_ChangingAContactNeedsARecentSignIn(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	env.Clock.Advance(11 * time.Minute)
	proof := env.Person("lovelace@example.com").ProvesEmail(changeContact)

	_, err := change(t, env, ada, proof)
	env.Refused(err, latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED)
	ada.SignsIn()
	if _, err := change(t, env, ada, proof); err != nil {
		t.Errorf("after signing in again: %v", err)
	}
}

func TestID01_OneAccountGetsAContact(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	const people = 8
	var accounts []*latchkeytest.Person
	for i := range people {
		p := env.Person(string(rune('a'+i)) + "-person@example.com")
		p.SignsUp()
		accounts = append(accounts, p)
	}
	proof := env.ProvesPhone("+821012345678", changeContact)

	var (
		group sync.WaitGroup
		mu    sync.Mutex
		won   int
	)
	for _, p := range accounts {
		group.Go(func() {
			_, err := change(t, env, p, proof)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if got := latchkeytest.Detail(err).GetReason(); got != latchkeyv1.Reason_REASON_PROOF_INVALID {
				t.Errorf("a loser is told %v", err)
			}
		})
	}
	group.Wait()
	if won != 1 {
		t.Errorf("%d accounts have the number", won)
	}
	// A contact that somebody has proven is not sent a code for a change; and the answer does not tell.
	env.Clock.Advance(2 * time.Minute)
	nothingIsSent(t, env, "+821012345678", changeContact)
}

func TestID09_ADeletedAccountLeavesNothingPersonal(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	proof := ada.ProvesEmail(signIn)

	env.Clock.Advance(10*time.Minute + time.Second)
	_, err := env.Account.DeleteAccount(ada.As(), &latchkeyv1.DeleteAccountRequest{})
	env.Refused(err, latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED)
	ada.Reauthenticates()
	if _, err := env.Account.DeleteAccount(ada.As(), &latchkeyv1.DeleteAccountRequest{}); err != nil {
		t.Fatal(err)
	}

	ada.LosesSession(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	ada.SignsInFails(ada.Password, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	_, err = env.Auth.SignInWithCode(t.Context(), &latchkeyv1.SignInWithCodeRequest{VerificationId: proof})
	env.Refused(err, latchkeyv1.Reason_REASON_PROOF_INVALID)
	for table, n := range env.Rows("users", "passwords", "sessions", "known_devices", "verifications") {
		if n != 0 {
			t.Errorf("%s has %d rows left", table, n)
		}
	}
	// What happened stays, and names neither a person nor a place.
	var types []string
	for _, e := range ada.Events() {
		types = append(types, e.Type)
		if e.IP+e.UserAgent+e.Details != "" || e.ErasedAt == nil || e.ActorKind != "user" || e.RequestID == "" {
			t.Errorf("%+v is not as it should be", e)
		}
	}
	if diff := cmp.Diff([]string{"signed_up", "reauthenticated", "account_deleted"}, types); diff != "" {
		t.Errorf("the events that stay (-want +got):\n%s", diff)
	}
	// The address and the nickname are free, and nothing of the former account comes back.
	env.Clock.Advance(2 * time.Minute)
	if again := ada.SignsUp(); again.GetUser().GetId() == "" || len(ada.Activity()) != 1 {
		t.Errorf("signing up again gives %v with %v", again.GetUser(), ada.Activity())
	}
}

func TestUpdateProfile(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()

	name, nickname, locale := "에이다", "Lovelace", "ko"
	answer, err := env.Account.UpdateProfile(ada.As(), &latchkeyv1.UpdateProfileRequest{Name: &name, Locale: &locale})
	if u := answer.GetUser(); err != nil || u.GetName() != name || u.GetLocale() != "ko" || u.GetNickname() != "ada" {
		t.Errorf("the account is %v, %v", u, err)
	}
	if _, err := env.Account.UpdateProfile(ada.As(), &latchkeyv1.UpdateProfileRequest{Nickname: &nickname}); err != nil {
		t.Error(err)
	}
	// The same nickname in another case, and in full width.
	for _, clash := range []string{"LOVELACE", "Ｌｏｖｅｌａｃｅ"} {
		_, err = env.Account.UpdateProfile(bob.As(), &latchkeyv1.UpdateProfileRequest{Nickname: &clash})
		env.Refused(err, latchkeyv1.Reason_REASON_NICKNAME_TAKEN)
	}
	if got := bob.SeesProfile(); got.GetNickname() != "bob" {
		t.Errorf("a refused change has changed %v", got)
	}
	if !ada.SeesProfile().GetUpdatedAt().AsTime().After(ada.User.GetUpdatedAt().AsTime()) {
		t.Error("updated_at did not move")
	}
}

// Accounts without number may have written an address down as theirs.
func TestID05_AnyNumberOfUnprovenHoldersKeepsNoOwnerOut(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.With(func(s *settings.Settings) { s.Accounts.Email, s.Accounts.Phone = account.Required, account.Verified }))
	if _, err := env.DB.Exec(t.Context(), `
		INSERT INTO users (id, email, phone, phone_verified_at, name, nickname, nickname_key, role, locale)
		SELECT gen_random_uuid(), 'ada@example.com', '+8210' || lpad(n::text, 8, '0'), now(), 'S', 's' || n, 's' || n, 'trainee', 'en'
		FROM generate_series(1, 3000) n`); err != nil {
		t.Fatal(err)
	}
	ada := env.Person("ada@example.com")
	before := env.Rows("events", "revocations", "sends")
	proof := ada.ProvesEmail(latchkeyv1.Purpose_PURPOSE_SIGN_UP)
	number := "+821099990001"
	form := ada.Form(proof, env.ProvesPhone(number, latchkeyv1.Purpose_PURPOSE_SIGN_UP))
	form.Phone = number
	ada.SendsForm(form)
	ada.SignsIn()
	if got := ada.SeesProfile(); !got.GetEmailVerified() {
		t.Error("the owner has not proven the address")
	}
	for table, n := range env.Rows("events", "revocations", "sends") {
		if n-before[table] > 250 {
			t.Errorf("the owner's sign-up has written %d rows of %s", n-before[table], table)
		}
	}
}
