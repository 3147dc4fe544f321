package pagetoken_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/pagetoken"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func signer(t *testing.T, purpose string) pagetoken.Signer {
	t.Helper()
	master, err := secret.NewMaster(secret.NewText("a master secret for tests of page tokens"))
	if err != nil {
		t.Fatal(err)
	}
	return pagetoken.NewSigner(master, purpose)
}

func TestRead_ReturnsThePositionThatTheTokenNames(t *testing.T) {
	t.Parallel()
	lists, owner := signer(t, "lists"), uuid.New()
	want := pagetoken.Position{At: time.Date(2026, time.March, 1, 12, 0, 0, 123_456_000, time.UTC), ID: uuid.New()}
	got, err := lists.Read(owner[:], lists.Token(owner[:], want))
	if err != nil || got != want {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if first, err := lists.Read(owner[:], ""); err != nil || first != pagetoken.Start {
		t.Errorf("without a token: got %v, %v", first, err)
	}
}

func TestRead_RefusesTokensThatWereNotMadeForThisList(t *testing.T) {
	t.Parallel()
	lists, owner, stranger := signer(t, "lists"), uuid.New(), uuid.New()
	position := pagetoken.Position{At: time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC), ID: uuid.New()}
	good := lists.Token(owner[:], position)
	tokens := map[string]string{
		"of another owner":        lists.Token(stranger[:], position),
		"of another kind of list": signer(t, "other lists").Token(owner[:], position),
		"cut short":               good[:len(good)-2],
		"too long":                good + "AA",
		"not base64url":           "!" + good[1:],
	}
	raw, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		changed := slices.Clone(raw)
		changed[i] ^= 1
		tokens["with byte "+string(rune('A'+i))+" changed"] = base64.RawURLEncoding.EncodeToString(changed)
	}
	for name, token := range tokens {
		_, err := lists.Read(owner[:], token)
		var refusal *fault.Error
		if !errors.As(err, &refusal) || refusal.Reason != latchkeyv1.Reason_REASON_INVALID_FIELDS {
			t.Errorf("a token %s: got %v", name, err)
		}
	}
}
