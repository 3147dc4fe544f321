package account_test

import (
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

const tooManySends = latchkeyv1.Reason_REASON_TOO_MANY_SENDS

func TestOT08_OneCodeAMinute(t *testing.T) {
	t.Parallel()

	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	first := make(chan *latchkeyv1.SendCodeResponse, 20)
	outcomes := together(t, 20, func(int) error {
		sent, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
			Purpose: signUp, Contact: &latchkeyv1.SendCodeRequest_Email{Email: ada.Email},
		})
		if err == nil {
			first <- sent
			return nil
		}
		wait := env.Refused(err, tooManySends).GetRetryAfter().AsDuration()
		if wait <= 0 || wait > time.Minute {
			t.Errorf("retry after %v", wait)
		}
		return fault.New(tooManySends)
	})
	if diff := cmp.Diff(map[latchkeyv1.Reason]int{success: 1, tooManySends: 19}, outcomes); diff != "" {
		t.Fatalf("20 at once (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"completed": 1}, env.AwaitJobs()); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	oldCode := sixDigitsOf(t, env.AwaitMessage(ada.Mailbox, 1))

	env.Clock.Advance(time.Minute)
	sent, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
		Purpose: signUp, Contact: &latchkeyv1.SendCodeRequest_Email{Email: "ADA@example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	newCode := sixDigitsOf(t, env.AwaitMessage(ada.Mailbox, 2))
	ada.EntersCodeFails((<-first).GetVerificationId(), oldCode, latchkeyv1.Reason_REASON_CODE_SPENT)
	ada.EntersCode(sent.GetVerificationId(), newCode)
}

func sixDigitsOf(t *testing.T, m notify.Kept) string {
	t.Helper()
	for word := range strings.FieldsFuncSeq(m.Text.Reveal(), func(r rune) bool { return r < '0' || r > '9' }) {
		if len(word) == 6 {
			return word
		}
	}
	t.Fatalf("there is no code in %q", m.Text.Reveal())
	return ""
}

// A request does not reveal whether there is an account: not by the response, and not by what happens next.
func TestID08_AWithheldCodeLooksLikeAnyOther(t *testing.T) {
	t.Parallel()

	env := latchkeytest.New(t)
	ada, nobody := env.Person("ada@example.com"), env.Person("nobody@example.com")
	ada.SignsUp()
	env.Clock.Advance(time.Minute)
	env.AwaitJobs()
	mails, _ := env.Outbox.List(ada.Mailbox)

	for n, purpose := range []latchkeyv1.Purpose{latchkeyv1.Purpose_PURPOSE_SIGN_IN, latchkeyv1.Purpose_PURPOSE_RESET_PASSWORD} {
		before := env.Rows("river_job", "verifications")
		known := ada.AsksForCode(purpose)
		between := env.Rows("river_job", "verifications")
		unknown := nobody.AsksForCode(purpose)
		after := env.Rows("river_job", "verifications")
		for _, table := range []string{"river_job", "verifications"} {
			if between[table]-before[table] != 1 || after[table]-between[table] != 1 {
				t.Errorf("%s: %d, %d, %d rows in %s", purpose, before[table], between[table], after[table], table)
			}
		}
		if len(known.GetVerificationId()) != len(unknown.GetVerificationId()) ||
			!known.GetExpiresAt().AsTime().Equal(unknown.GetExpiresAt().AsTime()) ||
			!known.GetResendAt().AsTime().Equal(unknown.GetResendAt().AsTime()) {
			t.Errorf("%s: %v and %v", purpose, known, unknown)
		}
		again, againUnknown := ada.AsksForCodeFails(purpose, tooManySends), nobody.AsksForCodeFails(purpose, tooManySends)
		if diff := cmp.Diff(again.GetRetryAfter().AsDuration(), againUnknown.GetRetryAfter().AsDuration()); diff != "" {
			t.Errorf("%s: asking again (-known +unknown):\n%s", purpose, diff)
		}
		// Trying looks the same as well.
		for _, left := range []int32{4, 3, 2, 1, 0} {
			got := nobody.EntersCodeFails(unknown.GetVerificationId(), "000000", latchkeyv1.Reason_REASON_CODE_MISMATCH)
			if got.GetAttemptsLeft() != left {
				t.Errorf("%s: %d tries left, want %d", purpose, got.GetAttemptsLeft(), left)
			}
		}
		nobody.EntersCodeFails(unknown.GetVerificationId(), "000000", latchkeyv1.Reason_REASON_CODE_SPENT)

		ended := env.AwaitJobs()
		if ended["cancelled"] != n+1 {
			t.Errorf("%s: the deliveries ended as %v", purpose, ended)
		}
		if got, _ := env.Outbox.List(nobody.Mailbox); len(got) != 0 {
			t.Errorf("%s: %q was sent without an account", purpose, got[0].Subject.Reveal())
		}
		if got, _ := env.Outbox.List(ada.Mailbox); len(got) != len(mails)+n+1 {
			t.Errorf("%s: there are %d mails", purpose, len(got))
		}
	}

	// Here it is the opposite: a code is sent to a free contact.
	before := env.AwaitJobs()
	ada.AsksForCode(latchkeyv1.Purpose_PURPOSE_CHANGE_CONTACT)
	nobody.AsksForCode(latchkeyv1.Purpose_PURPOSE_CHANGE_CONTACT)
	after := env.AwaitJobs()
	if after["cancelled"] != before["cancelled"]+1 || after["completed"] != before["completed"]+1 {
		t.Errorf("changing a contact: the deliveries ended as %v, before as %v", after, before)
	}
	if got, _ := env.Outbox.List(nobody.Mailbox); len(got) != 1 {
		t.Errorf("changing to a free contact sent %d mails", len(got))
	}
}

func TestSendCode(t *testing.T) {
	t.Parallel()

	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"OKInTheReadersLanguage":    storyLanguages,
		"OKInTheAccountsLanguage":   storyTheAccountsLanguage,
		"ErrTakenAtSignUp":          storyTakenAtSignUp,
		"ErrNumbersThatGetNoSMS":    storyNumbersThatGetNoSMS,
		"OT10_UnknownLooksExpired":  storyUnknownLooksExpired,
		"OT04_FiveTries":            storyFiveTries,
		"OKPurposesDoNotMeet":       storyPurposesDoNotMeet,
		"ErrACodeIsSixDigitsOfText": storySixDigits,
	})
}

// The account's language comes first, then the page's, then the browser's.
func storyTheAccountsLanguage(t *testing.T, env *latchkeytest.Env) {
	asks := func(p *latchkeytest.Person, purpose latchkeyv1.Purpose, page, browser string) string {
		t.Helper()
		before, _ := env.Outbox.List(p.Mailbox)
		ctx, info := connect.NewClientContext(t.Context())
		info.RequestHeader().Set("Latchkey-Locale", page)
		info.RequestHeader().Set("Accept-Language", browser)
		if _, err := env.Auth.SendCode(ctx, &latchkeyv1.SendCodeRequest{
			Purpose: purpose, Contact: &latchkeyv1.SendCodeRequest_Email{Email: p.Email},
		}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(env.AwaitMessage(p.Mailbox, len(before)+1).Subject.Reveal(), "인증번호") {
			return "ko"
		}
		return "en"
	}
	korean := env.Person("korean@example.com")
	korean.SignsUp()
	ctx, locale := korean.As(), "ko"
	if _, err := env.Account.UpdateProfile(ctx, &latchkeyv1.UpdateProfileRequest{Locale: &locale}); err != nil {
		t.Fatal(err)
	}
	for purpose, want := range map[latchkeyv1.Purpose]string{
		latchkeyv1.Purpose_PURPOSE_SIGN_IN: "ko", latchkeyv1.Purpose_PURPOSE_RESET_PASSWORD: "ko",
	} {
		if got := asks(korean, purpose, "en", "en-US"); got != want {
			t.Errorf("%s to an account in Korean: %s", purpose, got)
		}
	}
	stranger := env.Person("stranger@example.com")
	if got := asks(stranger, signUp, "ko", "en-US"); got != "ko" {
		t.Errorf("asked for by a page in Korean: %s", got)
	}
	if got := asks(env.Person("another@example.com"), signUp, "en", "ko-KR"); got != "en" {
		t.Errorf("asked for by a page in English: %s", got)
	}
}

func storyLanguages(t *testing.T, env *latchkeytest.Env) {
	asks := func(accept string, request *latchkeyv1.SendCodeRequest) {
		ctx, info := connect.NewClientContext(t.Context())
		if accept != "" {
			info.RequestHeader().Set("Accept-Language", accept)
		}
		request.Purpose = signUp
		if _, err := env.Auth.SendCode(ctx, request); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range []struct {
		accept string
		korean bool
	}{
		{"ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", true},
		{"ko", true},
		{"en-US,en;q=0.9,ko;q=0.1", false},
		{"fr-FR, ko;q=0.5", true},
		{"fr", false},
		{"", false},
		{"!!!", false},
		{strings.Repeat("ko,", 1000), false},
	} {
		address := "reader" + string(rune('a'+i)) + "@example.com"
		phone := "+821011110" + string(rune('0'+i)) + "00"
		asks(c.accept, &latchkeyv1.SendCodeRequest{Contact: &latchkeyv1.SendCodeRequest_Email{Email: strings.ToUpper(address)}})
		asks(c.accept, &latchkeyv1.SendCodeRequest{Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: "0" + phone[3:]}})
		for to, channel := range map[string]notify.Channel{address: notify.Email, phone: notify.SMS} {
			m := env.AwaitMessage(to, 1)
			if got := strings.Contains(m.Text.Reveal(), "인증번호"); got != c.korean || m.Channel != channel {
				t.Errorf("%.30q: %s %q", c.accept, m.Channel, m.Text.Reveal())
			}
			if got := strings.Contains(m.Subject.Reveal(), "인증번호"); channel == notify.Email && got != c.korean {
				t.Errorf("%.30q: subject %q", c.accept, m.Subject.Reveal())
			}
		}
	}
}

func storyTakenAtSignUp(t *testing.T, env *latchkeytest.Env) {
	taken := env.Person("taken@example.com")
	form := taken.Form(taken.ProvesEmail(signUp), env.ProvesPhone("+821022220000", signUp))
	form.Phone = "+821022220000"
	taken.SendsForm(form)
	taken.Email = "TAKEN@example.com"
	if fields := wrongFields(taken.AsksForCodeFails(signUp, latchkeyv1.Reason_REASON_EMAIL_TAKEN)); fields["email"] == "" {
		t.Errorf("violations: %v", fields)
	}
	_, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
		Purpose: signUp, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: "010-2222-0000"},
	})
	if fields := wrongFields(env.Refused(err, latchkeyv1.Reason_REASON_PHONE_TAKEN)); fields["phone"] == "" {
		t.Errorf("violations: %v", fields)
	}
}

// Each of them would cost money, and arrive nowhere.
func storyNumbersThatGetNoSMS(t *testing.T, env *latchkeytest.Env) {
	for name, phone := range map[string]string{
		"landline": "02-123-4567", "another country": "+1 202 555 0123", "too short": "010-1", "service": "1588-1234",
	} {
		_, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
			Purpose: signUp, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: phone},
		})
		if fields := wrongFields(env.Refused(err, latchkeyv1.Reason_REASON_INVALID_FIELDS)); fields["phone"] == "" {
			t.Errorf("%s: %v", name, fields)
		}
	}
}

func storyUnknownLooksExpired(t *testing.T, env *latchkeytest.Env) {
	person := env.Person("stranger@example.com")
	got := person.EntersCodeFails("vrf_ABCDEFGHIJKLMNOPQRSTUVWXYZ", "123456", latchkeyv1.Reason_REASON_CODE_EXPIRED)
	if got.GetAttemptsLeft() != 0 || len(got.GetViolations()) != 0 || got.GetRetryAfter() != nil {
		t.Errorf("the detail reveals more: %v", got)
	}
}

func storyFiveTries(t *testing.T, env *latchkeytest.Env) {
	guesser := env.Person("guesser@example.com")
	sent := guesser.AsksForCode(signUp)
	code := guesser.ReadsCode()
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for _, left := range []int32{4, 3, 2, 1, 0} {
		if got := guesser.EntersCodeFails(sent.GetVerificationId(), wrong, latchkeyv1.Reason_REASON_CODE_MISMATCH).GetAttemptsLeft(); got != left {
			t.Errorf("%d tries left, want %d", got, left)
		}
	}
	guesser.EntersCodeFails(sent.GetVerificationId(), code, latchkeyv1.Reason_REASON_CODE_SPENT)
}

func storyPurposesDoNotMeet(_ *testing.T, env *latchkeytest.Env) {
	person := env.Person("many@example.com")
	person.SignsUp()
	person.AsksForCode(latchkeyv1.Purpose_PURPOSE_SIGN_IN)
	person.AsksForCode(latchkeyv1.Purpose_PURPOSE_RESET_PASSWORD)
}

// None of these is a try.
func storySixDigits(_ *testing.T, env *latchkeytest.Env) {
	typist := env.Person("typist@example.com")
	sent := typist.AsksForCode(signUp)
	code := typist.ReadsCode()
	for _, typed := range []string{"", code[:5], code + "0", " " + code, code + "\n", "12345a", "-12345", "１２３４５６", "+" + code[1:]} {
		typist.EntersCodeFails(sent.GetVerificationId(), typed, latchkeyv1.Reason_REASON_INVALID_FIELDS)
	}
	typist.EntersCode(sent.GetVerificationId(), code)
}
