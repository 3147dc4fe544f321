package app_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// asDev sets the options of `latchkey dev`.
func asDev(c *app.Config) { c.AllowLocalPages = true }

// A developer's page uses another port than the server.
func TestPagesOfAnyPortOfThisMachineMayCallADevelopersServer(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, asDev)
	for _, origin := range []string{
		"http://localhost:5173", "http://localhost:3000", "http://127.0.0.1:8000", "http://[::1]:3000", "https://localhost:3001", "http://localhost",
	} {
		browser := env.Browser()
		browser.Page = origin
		person := env.Person(strings.Map(letters, origin) + "@example.com")
		person.Nickname = person.Nickname[:min(20, len(person.Nickname))]
		browser.SignsUp(person)
		browser.SeesProfile()
		readable(t, browser.Last().Header, origin)
		preflight := send(t, env, http.MethodOptions, getProfile, "", "Origin", origin,
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type,latchkey-locale,latchkey-session")
		if got := preflight.Header.Get("Access-Control-Allow-Origin"); got != origin {
			t.Errorf("%s may not call: %v", origin, preflight.Header)
		}
	}
}

func letters(r rune) rune {
	if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
		return r
	}
	return -1
}

func TestCK05_PagesElsewhereMayNotCallADevelopersServer(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	env := latchkeytest.New(t, asDev, latchkeytest.LogTo(slog.NewTextHandler(&log, nil)))
	refused := []string{
		"https://evil.example", "http://localhost.evil.example", "http://evil.example:5173", "http://localhost@evil.example", "null",
		"http://localhost:5173/", "http://LOCALHOST:5173", "http://127.0.0.2:5173", "http://192.168.0.1:5173", "http://[::2]:80", "ftp://localhost",
		"file://localhost", "localhost:5173",
	}
	for range 3 {
		for _, origin := range refused {
			preflight := send(t, env, http.MethodOptions, getProfile, "", "Origin", origin,
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type,latchkey-session")
			call := send(t, env, http.MethodPost, getProfile, "{}", "Origin", origin, "Sec-Fetch-Site", "cross-site",
				"Latchkey-Session", "cookie", "Content-Type", "application/json")
			if got := append(corsHeaders(preflight.Header), corsHeaders(call.Header)...); len(got) > 0 || call.StatusCode != http.StatusForbidden {
				t.Errorf("%s is answered %d, %v", origin, call.StatusCode, got)
			}
		}
	}
	// The log tells a developer what to do, once for each origin.
	text := log.String()
	for _, origin := range refused {
		if n := strings.Count(text, fmt.Sprintf("origin=%s\n", quoted(origin))); n != 1 {
			t.Errorf("the log has %d lines about %s", n, origin)
		}
	}
	if !strings.Contains(text, "LATCHKEY_ALLOWED_ORIGINS") {
		t.Errorf("the log does not tell what to do: %s", text)
	}
	// Invented origins do not fill the log.
	for i := range 200 {
		send(t, env, http.MethodPost, getProfile, "{}", "Origin", fmt.Sprintf("https://evil%d.example", i), "Content-Type", "application/json")
	}
	if n := strings.Count(log.String(), "a page was refused"); n != 100 {
		t.Errorf("the log names %d pages", n)
	}
}

// quoted returns a text as the log quotes it.
func quoted(text string) string {
	if strings.ContainsAny(text, " =\"") {
		return fmt.Sprintf("%q", text)
	}
	return text
}

func TestTheServersOwnPagesAreNotReported(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	env := latchkeytest.New(t, asDev, latchkeytest.LogTo(slog.NewTextHandler(&log, nil)))
	browser := env.Browser()
	browser.SignsUp(env.Person("ada@example.com"))
	browser.SeesProfile()
	if strings.Contains(log.String(), "refused: add") {
		t.Errorf("the log: %s", log.String())
	}
}

type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write appends.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

// String returns what was written.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
