package token_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

func payloadJSON(t testing.TB, payload object) []byte {
	t.Helper()
	text, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTokensAreReadAsTheyWereMade(t *testing.T) {
	t.Parallel()

	b := setup(t)
	now := b.clock.Now().Truncate(time.Second)
	access := token.Access{
		User: id.NewUser(), Session: id.NewSession(), Role: "trainer", AMR: []string{"pwd", "otp"}, AuthenticatedAt: now.Add(-time.Hour),
	}
	signed, err := b.issuer.Access(access, now.Add(100*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.issuer.ReadAccess(signed.Text.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	access.ExpiresAt = signed.ExpiresAt
	if diff := cmp.Diff(access, got); diff != "" {
		t.Errorf("the access token (-want +got):\n%s", diff)
	}
	if want := b.clock.Now().Add(accessTTL).Truncate(time.Second); !signed.ExpiresAt.Equal(want) {
		t.Errorf("it ends at %v, want %v", signed.ExpiresAt, want)
	}

	refresh := token.Refresh{User: access.User, Session: access.Session, Counter: 12, ExpiresAt: now.Add(time.Hour)}
	signed, err = b.issuer.Refresh(refresh)
	if err != nil {
		t.Fatal(err)
	}
	gotRefresh, err := b.issuer.ReadRefresh(signed.Text.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	refresh.IssuedAt = now
	if diff := cmp.Diff(refresh, gotRefresh); diff != "" {
		t.Errorf("the refresh token (-want +got):\n%s", diff)
	}
}

func TestSE08_AnAccessTokenDoesNotOutliveItsSession(t *testing.T) {
	t.Parallel()

	b := setup(t)
	end := b.clock.Now().Add(10 * time.Minute)
	signed, err := b.issuer.Access(token.Access{
		User: id.NewUser(), Session: id.NewSession(), Role: "trainee", AMR: []string{"pwd"}, AuthenticatedAt: b.clock.Now(),
	}, end)
	if err != nil {
		t.Fatal(err)
	}
	if signed.ExpiresAt.After(end) {
		t.Errorf("it ends at %v, after its session at %v", signed.ExpiresAt, end)
	}
	b.clock.Advance(10 * time.Minute)
	if _, err := b.issuer.ReadAccess(signed.Text.Reveal()); !errors.Is(err, token.ErrExpired) {
		t.Errorf("once the session has ended: %v", err)
	}
}

func TestNoTwoTokensAreEqual(t *testing.T) {
	t.Parallel()

	b := setup(t)
	seen := map[any]bool{}
	for range 100 {
		access, refresh := issue(t, b.issuer, b.clock.Now())
		for _, text := range []string{access, refresh} {
			_, payload, _ := parts(t, text)
			if jti := payload["jti"]; seen[jti] || len(jti.(string)) < 26 {
				t.Fatalf("jti %v stands in two tokens, or is too short to be unique", jti)
			} else {
				seen[jti] = true
			}
		}
	}
}

// Two tabs that renew with one token get the same successor, whenever the second one comes.
func TestSE07_TheSameSuccessorSaysTheSame(t *testing.T) {
	t.Parallel()

	b := setup(t)
	now := b.clock.Now()
	r := token.Refresh{
		User: id.NewUser(), Session: id.NewSession(), Counter: 7, IssuedAt: now, ExpiresAt: now.Add(refreshTTL),
	}
	payload := func() object {
		signed, err := b.issuer.Refresh(r)
		if err != nil {
			t.Fatal(err)
		}
		_, payload, _ := parts(t, signed.Text.Reveal())
		return payload
	}
	first := payload()
	b.clock.Advance(20 * time.Second)
	if diff := cmp.Diff(first, payload()); diff != "" {
		t.Errorf("20 seconds later (-first +second):\n%s", diff)
	}
	if want := r.Session.String() + ".7"; first["jti"] != want {
		t.Errorf("jti is %v, want %s", first["jti"], want)
	}
	r.Counter++
	if other := payload(); other["jti"] == first["jti"] {
		t.Errorf("the next one has the same jti, %v", other["jti"])
	}
}
