package account_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// Each story creates its own people.
func TestActivity(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"ComesInPages":              storyActivityInPages,
		"IN03_PageTokensAreOnesOwn": storyPageTokensAreOnesOwn,
	})
}

func storyActivityInPages(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	for range 4 {
		ada.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	ada.SignsIn()

	var (
		events []string
		token  string
		pages  int
	)
	for {
		page, err := env.Account.ListActivity(ada.As(), &latchkeyv1.ListActivityRequest{PageSize: 2, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range page.GetActivity() {
			events = append(events, a.GetEvent())
			if a.GetAt() == nil || a.GetIp() != "127.0.0.1" || a.GetDevice() == "" || a.GetId() == "" {
				t.Errorf("the entry is %v", a)
			}
		}
		pages++
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	want := []string{"signed_in", "sign_in_failed", "sign_in_failed", "sign_in_failed", "sign_in_failed", "signed_up"}
	if diff := cmp.Diff(want, events); diff != "" || pages != 3 {
		t.Errorf("in %d pages: %s", pages, diff)
	}
}

func storyPageTokensAreOnesOwn(t *testing.T, env *latchkeytest.Env) {
	ada, bob := env.Person("alan@example.com"), env.Person("barbara@example.com")
	ada.SignsUp()
	ada.SignsIn()
	bob.SignsUp()
	page, err := env.Account.ListActivity(ada.As(), &latchkeyv1.ListActivityRequest{PageSize: 1})
	if err != nil || page.GetNextPageToken() == "" {
		t.Fatal(page, err)
	}
	token := page.GetNextPageToken()

	for _, bad := range []string{"x", token[:len(token)-1], token + "A", "AAAA" + token[4:]} {
		_, err := env.Account.ListActivity(ada.As(), &latchkeyv1.ListActivityRequest{PageToken: bad})
		env.Refused(err, latchkeyv1.Reason_REASON_INVALID_FIELDS)
	}
	_, err = env.Account.ListActivity(bob.As(), &latchkeyv1.ListActivityRequest{PageToken: token})
	env.Refused(err, latchkeyv1.Reason_REASON_INVALID_FIELDS)
	_, err = env.Account.ListActivity(ada.As(), &latchkeyv1.ListActivityRequest{PageSize: 101})
	env.Refused(err, latchkeyv1.Reason_REASON_INVALID_FIELDS)
}
