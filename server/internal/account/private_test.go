package account_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// likeness is an answer without what differs from call to call, and without the two contacts.
type likeness struct {
	Status int
	Header http.Header
	Body   string
}

// like sends a body and makes the response comparable: ids, which are random, become their length.
func like(t *testing.T, env *latchkeytest.Env, path, body string) likeness {
	t.Helper()
	got := send(env, path, "", body)
	request := got.Header.Get("X-Request-Id")
	got.Header.Del("X-Request-Id")
	got.Header.Del("Date")
	var object map[string]any
	if err := json.Unmarshal(got.Body, &object); err != nil {
		t.Fatalf("%s: %v", got.Body, err)
	}
	if v, ok := object["verificationId"].(string); ok {
		object["verificationId"] = fmt.Sprintf("%.4s and %d more", v, len(v)-4)
	}
	if details, ok := object["details"].([]any); ok {
		for _, d := range details {
			d := d.(map[string]any)
			d["value"] = len(d["value"].(string))
		}
	}
	data, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	if request != "" {
		text = strings.ReplaceAll(text, request, "")
	}
	return likeness{got.Status, got.Header, text}
}

func TestID07_PrivateAnswersAlikeForKnownAndUnknown(t *testing.T) {
	t.Parallel()

	const (
		known, unknown             = `"phone":"010-1234-5678"`, `"phone":"010-8765-4321"`
		knownAddress, otherAddress = `"email":"ada@example.com"`, `"email":"eve@example.com"`
	)
	for _, contacts := range [][2]string{{known, unknown}, {knownAddress, otherAddress}} {
		t.Run(strings.Trim(strings.Split(contacts[0], ":")[0], `"`), func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t, latchkeytest.With(func(s *settings.Settings) { s.Accounts.Discovery = account.Private }))
			ada := env.Person(adasAddress)
			signsUpWithBoth(env, ada, adasNumber)
			// The sign-up has used up the minute of its codes; the unknown contact must not differ by that.
			afterwards(env)

			alike := func(what, path, format string) likeness {
				t.Helper()
				want, got := like(t, env, path, fmt.Sprintf(format, contacts[1])), like(t, env, path, fmt.Sprintf(format, contacts[0]))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-unknown +known):\n%s", what, diff)
				}
				return got
			}
			if got := alike("CheckAvailability", authService+"CheckAvailability", `{%s}`); got.Status != http.StatusOK || got.Body != `{"available":true}` {
				t.Errorf("CheckAvailability: %v", got)
			}
			for _, purpose := range []string{"SIGN_UP", "CHANGE_CONTACT", "RESET_PASSWORD", "SIGN_IN"} {
				format := `{"purpose":"PURPOSE_` + purpose + `",%s}`
				if got := alike(purpose, authService+"SendCode", format); got.Status != http.StatusOK {
					t.Errorf("%s: %v", purpose, got)
				}
				if got := alike(purpose+" again", authService+"SendCode", format); got.Status != http.StatusTooManyRequests {
					t.Errorf("%s again: %v", purpose, got)
				}
			}
			alike("a wrong password", authService+"SignIn", `{%s,"password":"Wrong-horse1"}`)
		})
	}
}

// What the responses do not reveal is sent to the mailbox and the phone, which only their owner reads.
func TestID07_PrivateDiscoveryNotifiesTheOwner(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.With(func(s *settings.Settings) { s.Accounts.Discovery = account.Private }))
	ada := env.Person(adasAddress)
	signsUpWithBoth(env, ada, adasNumber)
	afterwards(env)

	for contact, want := range map[string]map[string][2]int{
		// Codes and notices.
		`"phone":"` + adasNumber + `"`:   {"SIGN_UP": {0, 1}, "CHANGE_CONTACT": {0, 0}, "RESET_PASSWORD": {1, 0}, "SIGN_IN": {1, 0}},
		`"email":"` + adasAddress + `"`:  {"SIGN_UP": {0, 1}, "CHANGE_CONTACT": {0, 0}, "RESET_PASSWORD": {1, 0}, "SIGN_IN": {1, 0}},
		`"phone":"+821087654321"`:        {"SIGN_UP": {1, 0}, "CHANGE_CONTACT": {1, 0}, "RESET_PASSWORD": {0, 0}, "SIGN_IN": {0, 0}},
		`"email":"stranger@example.com"`: {"SIGN_UP": {1, 0}, "CHANGE_CONTACT": {1, 0}, "RESET_PASSWORD": {0, 0}, "SIGN_IN": {0, 0}},
	} {
		to := strings.Trim(strings.SplitN(contact, ":", 2)[1], `"`)
		for purpose, counts := range want {
			codes, told := messagesTo(env, to)
			send(env, authService+"SendCode", "", `{"purpose":"PURPOSE_`+purpose+`",`+contact+`}`).object(t)
			codesAfter, toldAfter := messagesTo(env, to)
			if got := [2]int{codesAfter - codes, toldAfter - told}; got != counts {
				t.Errorf("%s to %s sends %d codes and %d notices, want %v", purpose, to, got[0], got[1], counts)
			}
		}
	}
}

func messagesTo(env *latchkeytest.Env, to string) (codes, notices int) {
	env.T.Helper()
	env.AwaitJobs()
	messages, _ := env.Outbox.List(to)
	for _, m := range messages {
		if m.Code.Empty() {
			notices++
		} else {
			codes++
		}
	}
	return codes, notices
}
