package session_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

func TestRC04_ASecretDisownsOneSessionAndNoOther(t *testing.T) {
	t.Parallel()

	master := func(text string) secret.Master {
		m, err := secret.NewMaster(secret.NewText(text))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	disowning := session.NewDisowning(master("a master secret for tests of disowning"))
	mine, other := id.NewSession(), id.NewSession()
	text := disowning.Secret(mine).Reveal()
	if got, ok := disowning.Read(secret.NewText(text)); !ok || got != mine || len(text) != 43 {
		t.Errorf("%q is read as %v, %v", text, got, ok)
	}
	if disowning.Secret(other).Reveal() == text {
		t.Error("two sessions share a secret")
	}
	if _, ok := session.NewDisowning(master("another master secret, of another server")).Read(secret.NewText(text)); ok {
		t.Error("another server takes the secret")
	}
	forged := disowning.Secret(other).Reveal()[:21] + text[21:]
	for _, wrong := range []string{"", "x", text + "A", text[1:], text[:42], forged, text[:42] + "\n", "==" + text[2:]} {
		if _, ok := disowning.Read(secret.NewText(wrong)); ok {
			t.Errorf("%q is taken", wrong)
		}
	}
	// The last character has two spare bits: only one spelling is taken.
	taken := 0
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		if _, ok := disowning.Read(secret.NewText(text[:42] + string(c))); ok {
			taken++
		}
	}
	if taken != 1 {
		t.Errorf("%d spellings are taken", taken)
	}
}
