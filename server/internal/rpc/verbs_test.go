package rpc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

func TestCK04_OnlyPOSTHasSideEffects(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	admin := bearer(signUpAdmin(t, env, "admin@example.com").Tokens.GetAccessToken())
	before := env.Rows(tables...)

	for name, method := range methods() {
		for _, verb := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "post", "ZQX"} {
			if verb == "GET" && sideEffectFree(method) {
				continue
			}
			// As Connect GET would have it, and as a form and a script would.
			query := "?connect=v1&encoding=json&message=" + "%7B%22email%22%3A%22zqx%40example.com%22%7D"
			got := send(t, env, verb, procedure(method)+query, nil,
				admin, header{"Content-Type", jsonType}, header{"X-HTTP-Method-Override", "POST"})
			if verb == "HEAD" {
				if got.Status != http.StatusMethodNotAllowed || len(got.Body) > 0 {
					t.Errorf("%s %s: got %d %q", verb, name, got.Status, got.Body)
				}
				continue
			}
			got.refused(t, http.StatusMethodNotAllowed, invalid, "request.method")
			if !strings.Contains(got.Header.Get("Allow"), "POST") {
				t.Errorf("%s %s: the answer allows %q", verb, name, got.Header.Get("Allow"))
			}
		}
	}

	if diff := cmp.Diff(before, env.Rows(tables...)); diff != "" {
		t.Errorf("refused calls have left something behind (-before +after):\n%s", diff)
	}
}

func TestCK04_AnswersAreNotStored(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()

	good := get(t, env, getProfile, "json", []byte(`{}`), bearer(ada.Tokens.GetAccessToken()))
	bad := get(t, env, getProfile, "json", []byte(`{}`))

	if good.Status != http.StatusOK || !strings.Contains(string(good.Body), "ada@example.com") {
		t.Errorf("got %d %s", good.Status, good.Body)
	}
	bad.refused(t, http.StatusUnauthorized, latchkeyv1.Reason_REASON_TOKEN_MISSING, "")
	for _, got := range []answer{good, bad} {
		if control := got.Header.Get("Cache-Control"); control != "no-store" {
			t.Errorf("%d: Cache-Control is %q", got.Status, control)
		}
	}
}
