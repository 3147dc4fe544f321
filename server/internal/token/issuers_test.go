package token_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

const (
	oldURL = "https://login.example.test"
	newURL = "https://accounts.example.test"
)

func as(issuer string, former ...string) func(*token.Config) {
	return func(c *token.Config) { c.Issuer, c.FormerIssuers = issuer, former }
}

// Users who signed in before the public URL changed stay signed in. New tokens name the present issuer.
func TestJW05_TokensOfAFormerIssuerStayGood(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	before := newIssuer(t, d, as(oldURL))
	after := newIssuer(t, d, as(newURL, "https://older.example.test", oldURL))
	access, refresh := issue(t, before, clock.Now())

	if _, err := after.ReadAccess(access); err != nil {
		t.Errorf("the access token of before: %v", err)
	}
	if _, err := after.ReadRefresh(refresh); err != nil {
		t.Errorf("the refresh token of before: %v", err)
	}
	if _, err := after.ReadAccess(refresh); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("the refresh token of before as an access token: %v", err)
	}
	access, refresh = issue(t, after, clock.Now())
	for _, text := range []string{access, refresh} {
		_, payload, _ := parts(t, text)
		if payload["iss"] != newURL {
			t.Errorf("a new token is of %v", payload["iss"])
		}
	}
	if _, err := before.ReadAccess(access); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("a new token at a server that knows the old issuer alone: %v", err)
	}
}

func TestJW05_FormerIssuersAreExact(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	after := newIssuer(t, d, as(newURL, oldURL))
	for _, issuer := range []string{
		oldURL + "/", strings.ToUpper(oldURL), "http://login.example.test", oldURL[:len(oldURL)-1], oldURL + ".attacker.example",
		oldURL + "," + newURL, "", "https://never.example.test",
	} {
		access, refresh := issue(t, newIssuer(t, d, as(issuer)), clock.Now())
		if _, err := after.ReadAccess(access); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("an access token of %q: %v", issuer, err)
		}
		if _, err := after.ReadRefresh(refresh); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("a refresh token of %q: %v", issuer, err)
		}
	}
}

func TestASecondIssuerOnOneDatabaseIsLogged(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	var first, second, third bytes.Buffer
	logTo := func(b *bytes.Buffer) func(*token.Config) {
		return func(c *token.Config) {
			c.Log = slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelWarn}))
		}
	}

	was := newIssuer(t, d, as(oldURL), logTo(&first))
	newIssuer(t, d, as(oldURL), logTo(&first)) // a replica
	tells(t, "a replica of the same issuer", &first)

	newIssuer(t, d, as(newURL), logTo(&second))
	tells(t, "the second issuer", &second, newURL, oldURL, "LATCHKEY_PUBLIC_URL", "LATCHKEY_FORMER_ISSUERS")

	// The one that was there first finds out when it notes its own again.
	note(t, was)
	tells(t, "the first issuer", &first, newURL, oldURL)

	newIssuer(t, d, as(newURL, oldURL), logTo(&third))
	tells(t, "an issuer that knows the former one", &third)

	clock.Advance(61 * time.Minute)
	first.Reset()
	note(t, was)
	tells(t, "an issuer that is alone again", &first)

	// A start finds the former issuer however long the servers stood still, as long as its tokens may live.
	clock.Advance(29 * 24 * time.Hour)
	second.Reset()
	newIssuer(t, d, as("https://third.example.test", newURL), logTo(&second))
	tells(t, "a third issuer, a month later", &second, oldURL)
	clock.Advance(31 * 24 * time.Hour)
	third.Reset()
	newIssuer(t, d, as(newURL), logTo(&third))
	tells(t, "an issuer whose predecessors' tokens have ended", &third)
}

func TestIssuersAreForgottenWhenNoTokenOfTheirsLives(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	newIssuer(t, d, as(oldURL))
	after := newIssuer(t, d, as(newURL))
	clock.Advance(399 * 24 * time.Hour)
	note(t, after)
	if n := issuers(t, d); n != 2 {
		t.Errorf("after 399 days there are %d issuers", n)
	}
	clock.Advance(2 * 24 * time.Hour)
	note(t, after)
	if n := issuers(t, d); n != 1 {
		t.Errorf("after 401 days there are %d issuers", n)
	}
}

func note(t *testing.T, i *token.Issuer) {
	t.Helper()
	if err := i.NoteIssuer(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func issuers(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.QueryRow(t.Context(), "SELECT count(*) FROM issuers").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// tells requires one warning with all these words, or no warning if there are none.
func tells(t *testing.T, who string, log *bytes.Buffer, words ...string) {
	t.Helper()
	want := min(len(words), 1)
	if n := strings.Count(log.String(), "level=WARN"); n != want {
		t.Errorf("%s warns %d times, want %d: %s", who, n, want, log)
	}
	for _, word := range words {
		if !strings.Contains(log.String(), word) {
			t.Errorf("%s does not tell %q: %s", who, word, log)
		}
	}
}
