package admin_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// A code that does not arrive is why a contact is not proven, and what support is asked about.
func TestX9_SupportSeesWhatWasSentToContactsWithoutAProof(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	admin, ada := env.Administrator("admin@example.com"), env.Person(adasAddress)
	form := ada.Form(ada.ProvesEmail(signUp))
	form.Phone = adasNumber
	ada.SendsForm(form)
	for number, purpose := range map[string]latchkeyv1.Purpose{adasNumber: changeContact, "+821055556666": signUp} {
		if _, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
			Purpose: purpose, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: number},
		}); err != nil {
			t.Fatal(err)
		}
	}
	env.AwaitJobs()
	sent := func() (to []string) {
		t.Helper()
		seen, err := env.Admin.GetUser(admin.As(), &latchkeyv1.GetUserRequest{UserId: ada.User.GetId()})
		if err != nil {
			t.Fatal(err)
		}
		for _, send := range seen.GetSends() {
			to = append(to, send.GetChannel()+" to "+send.GetTo())
		}
		return to
	}
	if diff := cmp.Diff([]string{"sms to " + adasNumber, "email to " + adasAddress}, sent(), cmp.Transformer("set", func(all []string) map[string]bool {
		set := map[string]bool{}
		for _, one := range all {
			set[one] = true
		}
		return set
	})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Once another person has proven the number, it is theirs, and what was sent to it too.
	bob := env.Person("bob@example.com")
	form = bob.Form(bob.ProvesEmail(signUp), env.ProvesPhone(adasNumber, signUp))
	form.Phone = adasNumber
	bob.SendsForm(form)
	for _, to := range sent() {
		if strings.HasPrefix(to, "sms") {
			t.Errorf("of Bob's number, support sees %s at Ada's account", to)
		}
	}
}
