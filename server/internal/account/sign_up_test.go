package account_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// A server with the default settings. Each story creates its own people.
func TestSignUp(t *testing.T) {
	t.Parallel()

	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"OK":                                      storySignUp,
		"ErrLeavesItsProofGood":                   storyAFailedSignUpLeavesItsProofGood,
		"ErrNamesEveryViolationAtOnce":            storySignUpNamesEveryViolationAtOnce,
		"PW05_APasswordIsRefusedByItsPolicy":      storyPW05APasswordIsRefusedByItsPolicy,
		"AZ03_NobodyChoosesARoleThatIsNotOffered": storyAZ03NobodyChoosesARoleThatIsNotOffered,
		"OT11_ItNeedsAProof":                      storyOT11SignUpNeedsAProof,
		"OT11_AProofMakesOneAccount":              storyOT11AProofMakesOneAccount,
		"OT06_AProofForAnotherPurposeIsRefused":   storyOT06AProofForAnotherPurposeMakesNoAccount,
		"OT07_AProofOfAnotherContactIsRefused":    storyOT07AProofOfAnotherContactMakesNoAccount,
		"ID02_AProofHoldsForEverySpelling":        storyID02AProofHoldsForEverySpelling,
		"CheckAvailabilityTellsTheSame":           storyCheckAvailabilityAgreesWithSignUp,
	})
}

// wrongFields returns the violated rules by field.
func wrongFields(detail *latchkeyv1.ErrorDetail) map[string]string {
	fields := map[string]string{}
	for _, v := range detail.GetViolations() {
		fields[v.GetField()] = v.GetRule()
	}
	return fields
}

func accounts(env *latchkeytest.Env, email string) (n int) {
	env.T.Helper()
	if err := env.DB.QueryRow(env.T.Context(), "SELECT count(*) FROM users WHERE email = $1", email).Scan(&n); err != nil {
		env.T.Fatal(err)
	}
	return n
}

func storySignUp(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("Ada@Example.com")
	user := ada.SignsUp().GetUser()
	if user.GetEmail() != "ada@example.com" || !user.GetEmailVerified() || user.GetPhone() != "" || user.GetPhoneVerified() {
		t.Errorf("the account: %v", user)
	}
	if user.GetRole() != "trainee" || user.GetNickname() != "Ada" || user.GetName() != "Ada Lovelace" || user.GetLocale() != "en" {
		t.Errorf("the account: %v", user)
	}
	if got := ada.SeesProfile(); got.GetId() != user.GetId() {
		t.Errorf("the first session belongs to %s, want %s", got.GetId(), user.GetId())
	}
}

// Nothing that is refused uses the proof up, or leaves anything behind.
func storyAFailedSignUpLeavesItsProofGood(t *testing.T, env *latchkeytest.Env) {
	env.Person("keeper@example.com").SignsUp()
	ada := env.Person("patient@example.com")
	proof := ada.ProvesEmail(signUp)

	weak := ada.Form(proof)
	weak.Password = "password"
	ada.SendsFormFails(weak, latchkeyv1.Reason_REASON_PASSWORD_POLICY)
	unknownRole := ada.Form(proof)
	unknownRole.Role = "captain"
	ada.SendsFormFails(unknownRole, latchkeyv1.Reason_REASON_INVALID_FIELDS)
	taken := ada.Form(proof)
	taken.Nickname = "KEEPER"
	ada.SendsFormFails(taken, latchkeyv1.Reason_REASON_NICKNAME_TAKEN)
	ada.SendsFormFails(ada.Form(proof, "vrf_UNKNOWN"), latchkeyv1.Reason_REASON_PROOF_INVALID)
	if n := accounts(env, ada.Email); n != 0 {
		t.Errorf("refusals made %d accounts", n)
	}

	ada.SendsForm(ada.Form(proof))
}

func TestSignUpNamesEveryClashAtOnce(t *testing.T) {
	t.Parallel()

	env := latchkeytest.New(t)
	ada, grace := env.Person("ada@example.com"), env.Person("grace@example.com")
	spare := ada.ProvesEmail(signUp)
	// Meanwhile another user creates an account with her address and her nickname.
	other := env.Person("other@example.com")
	other.Nickname = "ada"
	other.SignsUp()
	if _, err := change(t, env, other, ada.ProvesEmail(changeContact)); err != nil {
		t.Fatal(err)
	}

	both := ada.Form(spare)
	both.Nickname = "ＡＤＡ"
	detail := ada.SendsFormFails(both, latchkeyv1.Reason_REASON_EMAIL_TAKEN)
	if diff := cmp.Diff(map[string]string{"email": "email.taken", "nickname": "nickname.taken"}, wrongFields(detail)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	nickname := grace.Form(grace.ProvesEmail(signUp))
	nickname.Nickname = "aDa"
	detail = grace.SendsFormFails(nickname, latchkeyv1.Reason_REASON_NICKNAME_TAKEN)
	if diff := cmp.Diff(map[string]string{"nickname": "nickname.taken"}, wrongFields(detail)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Shape, policy, role and contacts in one response: rules of the contract and of the settings alike.
func storySignUpNamesEveryViolationAtOnce(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("careless@example.com")
	wrong := &latchkeyv1.SignUpRequest{
		Email: "ada@-example-.com", Phone: "12", Name: "", Nickname: "x", Password: "short", Role: "admin",
		VerificationIds: []string{"not one!"}, Locale: "fr",
	}
	fields := wrongFields(ada.SendsFormFails(wrong, latchkeyv1.Reason_REASON_INVALID_FIELDS))
	for _, field := range []string{"email", "phone", "name", "nickname", "password", "role", "verificationIds[0]", "locale"} {
		if fields[field] == "" {
			t.Errorf("%s is not named in %v", field, fields)
		}
	}

	// Without a mistake of shape.
	wrong = ada.Form()
	wrong.Email, wrong.Phone, wrong.Password, wrong.Role = "ada@-example-.com", "12", "short", "captain"
	fields = wrongFields(ada.SendsFormFails(wrong, latchkeyv1.Reason_REASON_INVALID_FIELDS))
	for _, field := range []string{"email", "phone", "password", "role"} {
		if fields[field] == "" {
			t.Errorf("%s is not named in %v", field, fields)
		}
	}
}

func storyPW05APasswordIsRefusedByItsPolicy(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("weak@example.com")
	weak := ada.Form(ada.ProvesEmail(signUp))
	weak.Password = "short"
	if fields := wrongFields(ada.SendsFormFails(weak, latchkeyv1.Reason_REASON_PASSWORD_POLICY)); len(fields) != 1 || fields["password"] == "" {
		t.Errorf("the violations: %v", fields)
	}
	weak.Role = "captain"
	ada.SendsFormFails(weak, latchkeyv1.Reason_REASON_INVALID_FIELDS)
}

func storyAZ03NobodyChoosesARoleThatIsNotOffered(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("ambitious@example.com")
	proof := ada.ProvesEmail(signUp)
	for _, role := range []string{"admin", "root", "service", "traine"} {
		wrong := ada.Form(proof)
		wrong.Role = role
		if fields := wrongFields(ada.SendsFormFails(wrong, latchkeyv1.Reason_REASON_INVALID_FIELDS)); fields["role"] != "role.unknown" {
			t.Errorf("%s: %v", role, fields)
		}
	}
	trainer := ada.Form(proof)
	trainer.Role = "trainer"
	if got := ada.SendsForm(trainer).GetUser().GetRole(); got != "trainer" {
		t.Errorf("the role is %s", got)
	}
}

func storyOT11SignUpNeedsAProof(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("hasty@example.com")
	detail := ada.SendsFormFails(ada.Form(), latchkeyv1.Reason_REASON_VERIFICATION_REQUIRED)
	if diff := cmp.Diff(map[string]string{"email": "contact.unproven"}, wrongFields(detail)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Asking is not proving.
	sent := ada.AsksForCode(signUp)
	ada.SendsFormFails(ada.Form(sent.GetVerificationId()), latchkeyv1.Reason_REASON_PROOF_INVALID)
	ada.SendsFormFails(ada.Form("vrf_UNKNOWN"), latchkeyv1.Reason_REASON_PROOF_INVALID)
}

func storyOT11AProofMakesOneAccount(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("twice@example.com")
	proof := ada.ProvesEmail(signUp)
	ada.SendsForm(ada.Form(proof))
	again := ada.Form(proof)
	again.Nickname = "twice-again"
	ada.SendsFormFails(again, latchkeyv1.Reason_REASON_PROOF_INVALID)
	// Also not when the account is gone.
	if _, err := env.DB.Exec(t.Context(), "DELETE FROM users WHERE email = $1", ada.Email); err != nil {
		t.Fatal(err)
	}
	ada.SendsFormFails(again, latchkeyv1.Reason_REASON_PROOF_INVALID)
}

// SignUp was the first method that accepts proofs.
func storyOT06AProofForAnotherPurposeMakesNoAccount(_ *testing.T, env *latchkeytest.Env) {
	ada := env.Person("newcomer@example.com")
	grace := env.Person("member@example.com")
	grace.SignsUp()
	// Codes for signing in and for a new password go to accounts only; a change of contact, to free contacts only.
	for purpose, person := range map[latchkeyv1.Purpose]*latchkeytest.Person{
		latchkeyv1.Purpose_PURPOSE_SIGN_IN: grace, latchkeyv1.Purpose_PURPOSE_RESET_PASSWORD: grace,
		latchkeyv1.Purpose_PURPOSE_CHANGE_CONTACT: ada,
	} {
		form := person.Form(person.ProvesEmail(purpose))
		form.Nickname = "somebody-else"
		person.SendsFormFails(form, latchkeyv1.Reason_REASON_PROOF_INVALID)
	}
}

func storyOT07AProofOfAnotherContactMakesNoAccount(t *testing.T, env *latchkeytest.Env) {
	ada, eve := env.Person("victim@example.com"), env.Person("eve@example.com")
	evesProof, adasProof := eve.ProvesEmail(signUp), ada.ProvesEmail(signUp)

	// Eve signs up with Ada's address and her own proof, and then with both proofs.
	stolen := ada.Form(evesProof)
	eve.SendsFormFails(stolen, latchkeyv1.Reason_REASON_PROOF_INVALID)
	eve.SendsFormFails(ada.Form(evesProof, adasProof), latchkeyv1.Reason_REASON_PROOF_INVALID)
	if n := accounts(env, ada.Email) + accounts(env, eve.Email); n != 0 {
		t.Errorf("there are %d accounts", n)
	}
	// Nothing was used up.
	eve.SendsForm(eve.Form(evesProof))
	ada.SendsForm(ada.Form(adasProof))
}

func storyID02AProofHoldsForEverySpelling(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("SHOUTING@Example.COM")
	form := ada.Form(ada.ProvesEmail(signUp))
	form.Email = "shouting@example.com"
	if got := ada.SendsForm(form).GetUser().GetEmail(); got != "shouting@example.com" {
		t.Errorf("the address is %s", got)
	}
}

// rules sets how contacts are treated at sign-up.
func rules(email, phone account.ContactRule) latchkeytest.Option {
	return latchkeytest.With(func(s *settings.Settings) { s.Accounts.Email, s.Accounts.Phone = email, phone })
}

const number = "+821012345678"

func TestID05_AnUnprovenPhoneReservesNothing(t *testing.T) {
	t.Parallel()

	env := latchkeytest.New(t, rules(account.Verified, account.Optional))
	ada, grace := env.Person("ada@example.com"), env.Person("grace@example.com")
	form := ada.Form(ada.ProvesEmail(signUp))
	form.Phone = "010-1234-5678"
	user := ada.SendsForm(form).GetUser()
	if user.GetPhone() != number || user.GetPhoneVerified() {
		t.Errorf("the phone: %v", user)
	}
	signsInByPhone := &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Phone{Phone: number}, Password: latchkeytest.Password,
	}
	_, err := env.Auth.SignIn(t.Context(), signsInByPhone)
	env.Refused(err, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)

	// The user who proves it gets it.
	form = grace.Form(grace.ProvesEmail(signUp), env.ProvesPhone(number, signUp))
	form.Phone = "+82 10 1234 5678"
	if got := grace.SendsForm(form).GetUser(); got.GetPhone() != number || !got.GetPhoneVerified() || !got.GetEmailVerified() {
		t.Errorf("the phone: %v", got)
	}
	answer, err := env.Auth.SignIn(t.Context(), signsInByPhone)
	if err != nil || answer.GetUser().GetId() != grace.User.GetId() {
		t.Errorf("signing in by phone: %v, %v", answer.GetUser(), err)
	}

	// And then no other user can have it, with or without a proof.
	eve := env.Person("eve@example.com")
	form = eve.Form(eve.ProvesEmail(signUp))
	form.Phone = "01012345678"
	eve.SendsFormFails(form, latchkeyv1.Reason_REASON_PHONE_TAKEN)
}

// The other classic set-up: a proven phone, and an address that is only noted down.
func TestSignUpByPhone(t *testing.T) {
	t.Parallel()

	env := latchkeytest.New(t, rules(account.Required, account.Verified))
	ada := env.Person("ada@example.com")
	proof := env.ProvesPhone(number, signUp)

	form := ada.Form(proof)
	if fields := wrongFields(ada.SendsFormFails(form, latchkeyv1.Reason_REASON_INVALID_FIELDS)); fields["phone"] != "required" {
		t.Errorf("without a phone: %v", fields)
	}
	form.Phone, form.Email = "010 1234 5678", ""
	if fields := wrongFields(ada.SendsFormFails(form, latchkeyv1.Reason_REASON_INVALID_FIELDS)); fields["email"] != "required" {
		t.Errorf("without an address: %v", fields)
	}
	form.Email, form.VerificationIds = ada.Email, nil
	if fields := wrongFields(ada.SendsFormFails(form, latchkeyv1.Reason_REASON_VERIFICATION_REQUIRED)); fields["phone"] != "contact.unproven" || len(fields) != 1 {
		t.Errorf("without a proof: %v", fields)
	}
	form.VerificationIds = []string{proof}
	user := ada.SendsForm(form).GetUser()
	if !user.GetPhoneVerified() || user.GetPhone() != number || user.GetEmailVerified() || user.GetEmail() != ada.Email {
		t.Errorf("the account: %v", user)
	}
	// The settings ask for the address without a proof, so it is an identifier with the password, and for nothing else.
	ada.SignsIn()
}

func TestAContactThatIsOffIsNotTaken(t *testing.T) {
	t.Parallel()

	env := latchkeytest.New(t, rules(account.Off, account.Verified))
	ada := env.Person("ada@example.com")
	if fields := wrongFields(ada.AsksForCodeFails(signUp, latchkeyv1.Reason_REASON_INVALID_FIELDS)); fields["email"] != "contact.off" {
		t.Errorf("asking for a code: %v", fields)
	}
	form := ada.Form(env.ProvesPhone(number, signUp))
	form.Phone = number
	if fields := wrongFields(ada.SendsFormFails(form, latchkeyv1.Reason_REASON_INVALID_FIELDS)); fields["email"] != "contact.off" {
		t.Errorf("signing up: %v", fields)
	}
	if fields := wrongFields(ada.SignsInFails(ada.Password, latchkeyv1.Reason_REASON_INVALID_FIELDS)); fields["email"] != "contact.off" {
		t.Errorf("signing in: %v", fields)
	}
	form.Email = ""
	if user := ada.SendsForm(form).GetUser(); user.GetEmail() != "" || !user.GetPhoneVerified() {
		t.Errorf("the account: %v", user)
	}
}

func TestBothContactsCanBeAskedFor(t *testing.T) {
	t.Parallel()

	env := latchkeytest.New(t, rules(account.Verified, account.Verified))
	ada := env.Person("ada@example.com")
	form := ada.Form(ada.ProvesEmail(signUp))
	form.Phone = number
	if fields := wrongFields(ada.SendsFormFails(form, latchkeyv1.Reason_REASON_VERIFICATION_REQUIRED)); fields["phone"] == "" || fields["email"] != "" {
		t.Errorf("with one proof of two: %v", fields)
	}
	form.VerificationIds = append(form.VerificationIds, env.ProvesPhone(number, signUp))
	if user := ada.SendsForm(form).GetUser(); !user.GetPhoneVerified() || !user.GetEmailVerified() {
		t.Errorf("the account: %v", user)
	}
}

func storyCheckAvailabilityAgreesWithSignUp(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("listed@example.com")
	form := ada.Form(ada.ProvesEmail(signUp))
	form.Phone = number
	ada.SendsForm(form)
	for name, c := range map[string]struct {
		request *latchkeyv1.CheckAvailabilityRequest
		want    bool
	}{
		"taken address":  {&latchkeyv1.CheckAvailabilityRequest{Contact: &latchkeyv1.CheckAvailabilityRequest_Email{Email: "LISTED@example.com"}}, false},
		"free address":   {&latchkeyv1.CheckAvailabilityRequest{Contact: &latchkeyv1.CheckAvailabilityRequest_Email{Email: "unlisted@example.com"}}, true},
		"taken nickname": {&latchkeyv1.CheckAvailabilityRequest{Contact: &latchkeyv1.CheckAvailabilityRequest_Nickname{Nickname: "ＬＩＳＴＥＤ"}}, false},
		"free nickname":  {&latchkeyv1.CheckAvailabilityRequest{Contact: &latchkeyv1.CheckAvailabilityRequest_Nickname{Nickname: "unlisted"}}, true},
		// No account has proven it.
		"unproven phone": {&latchkeyv1.CheckAvailabilityRequest{Contact: &latchkeyv1.CheckAvailabilityRequest_Phone{Phone: number}}, true},
	} {
		answer, err := env.Auth.CheckAvailability(t.Context(), c.request)
		if err != nil || answer.GetAvailable() != c.want {
			t.Errorf("%s: %v, %v", name, answer.GetAvailable(), err)
		}
	}
}
