package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// get asks a server for a page; headers come in pairs, and Host is one of them.
func get(t *testing.T, env *latchkeytest.Env, path string, header ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			request.Host = header[i+1]
			continue
		}
		request.Header.Set(header[i], header[i+1])
	}
	response, err := env.HTTP.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(data)
}

type listed struct{ ID, Channel, To, Subject, Text, Code, SentAt string }

func list(t *testing.T, env *latchkeytest.Env, query string) []listed {
	t.Helper()
	response, text := get(t, env, "/dev/outbox"+query, "Accept", "application/json")
	if got := response.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("the list is of type %s", got)
	}
	var messages []listed
	if err := json.Unmarshal([]byte(text), &messages); err != nil {
		t.Fatalf("the list is %s: %v", text, err)
	}
	return messages
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")

	if messages := list(t, env, ""); len(messages) != 0 || messages == nil {
		t.Errorf("an empty outbox lists %v, want an empty list", messages)
	}
	ada.AsksForCode(latchkeyv1.Purpose_PURPOSE_SIGN_UP)
	ada.ReadsCode()
	bob.AsksForCode(latchkeyv1.Purpose_PURPOSE_SIGN_UP)
	code := bob.ReadsCode()

	t.Run("NewestFirst", func(t *testing.T) {
		messages := list(t, env, "")
		if len(messages) != 2 || messages[0].To != "bob@example.com" || messages[1].To != "ada@example.com" {
			t.Errorf("the list is %+v", messages)
		}
		m := messages[0]
		if m.Code != code || m.Channel != "email" || m.ID == "" || m.Subject == "" || m.SentAt == "" || !strings.Contains(m.Text, code) {
			t.Errorf("the message is %+v", m)
		}
	})
	t.Run("OneRecipientInAnySpelling", func(t *testing.T) {
		for _, to := range []string{"ada@example.com", "ADA@Example.COM."} {
			if messages := list(t, env, "?to="+to); len(messages) != 1 || messages[0].To != "ada@example.com" {
				t.Errorf("?to=%s lists %+v", to, messages)
			}
		}
		if messages := list(t, env, "?to=nobody@example.com"); len(messages) != 0 {
			t.Errorf("a stranger's list is %+v", messages)
		}
	})
	t.Run("Page", func(t *testing.T) {
		response, page := get(t, env, "/dev/outbox")
		if response.StatusCode != http.StatusOK || !strings.Contains(page, code) || !strings.Contains(page, "bob@example.com") {
			t.Errorf("the page is %s: %s", response.Status, page)
		}
	})
	t.Run("IN07_TextIsInert", func(t *testing.T) {
		if _, page := get(t, env, "/dev/outbox?to=%3Cscript%3Ealert(1)%3C/script%3E"); strings.Contains(page, "<script>") {
			t.Errorf("the page holds what the address says: %s", page)
		}
	})
	t.Run("ErrForeignName", func(t *testing.T) {
		// A page that makes its own name resolve to this machine sends that name (DNS rebinding).
		for _, accept := range []string{"text/html", "application/json"} {
			response, page := get(t, env, "/dev/outbox", "Host", "evil.example", "Accept", accept)
			if response.StatusCode != http.StatusForbidden || strings.Contains(page, code) {
				t.Errorf("under a foreign name it answers %s: %s", response.Status, page)
			}
		}
		for _, host := range []string{"localhost:8080", "127.0.0.1:1", "[::1]:8080", "latchkey.test"} {
			if response, _ := get(t, env, "/dev/outbox", "Host", host); response.StatusCode != http.StatusOK {
				t.Errorf("under %s it answers %s", host, response.Status)
			}
		}
	})
}
