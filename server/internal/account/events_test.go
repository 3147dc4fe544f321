package account_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// actors returns who acted, by the type of the event.
func actors(events []latchkeytest.Event) map[string]string {
	kinds := map[string]string{}
	for _, e := range events {
		kinds[e.Type] = e.ActorKind + " " + e.ActorID
	}
	return kinds
}

// An entry says who did it, in which call, and in which transaction: a reader that follows the table goes by the latter.
func TestY3_AnEventNamesItsActorAndItsCall(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	_, err := env.Auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Email{Email: ada.Email}, Password: "Wrong-horse1",
	})
	refused := env.Refused(err, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	ada.SignsIn()
	if _, err := env.Account.SignOut(ada.As(), &latchkeyv1.SignOutRequest{}); err != nil {
		t.Fatal(err)
	}

	events := ada.Events()
	user := "user " + ada.User.GetId()
	want := map[string]string{"signed_up": user, "signed_in": user, "signed_out": user, "sign_in_failed": "anonymous "}
	if diff := cmp.Diff(want, actors(events)); diff != "" {
		t.Errorf("the actors (-want +got):\n%s", diff)
	}
	calls := map[string]bool{}
	for _, e := range events {
		if e.RequestID == "" || e.IP == "" || !e.OfItsTransaction {
			t.Errorf("%+v lacks something", e)
		}
		if e.Type == "sign_in_failed" && e.RequestID != refused.GetRequestId() {
			t.Errorf("the failed sign-in is of the call %s, and its answer says %s", e.RequestID, refused.GetRequestId())
		}
		calls[e.RequestID] = true
	}
	if len(calls) != len(events) {
		t.Errorf("%d events are of %d calls", len(events), len(calls))
	}
}

// Who has proven the contact is the actor. The former holder gets to know neither address nor device.
func TestY3_ALostContactNamesItsNewOwner(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.With(func(s *settings.Settings) { s.Accounts.Email = account.Required }))
	squatter, owner := env.Person("ada@example.com"), env.Person("ada@example.com")
	squatter.Nickname = "squatter"
	squatter.SendsForm(squatter.Form())
	owner.SignsUp()

	for _, e := range squatter.Events() {
		if e.Type != "contact_lost" {
			continue
		}
		if e.ActorKind != "user" || e.ActorID != owner.User.GetId() || e.IP+e.UserAgent != "" || e.RequestID == "" {
			t.Errorf("got %+v, and the new owner is %s", e, owner.User.GetId())
		}
		return
	}
	t.Errorf("there is no contact_lost among %+v", squatter.Events())
}
