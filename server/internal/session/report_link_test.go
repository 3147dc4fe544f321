package session_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

func TestRC04_ASecretReportsOneSessionAndNoOther(t *testing.T) {
	t.Parallel()

	master := func(text string) secret.Master {
		m, err := secret.NewMaster(secret.NewText(text))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	reportLinks := session.NewReportLinks(master("a master secret for tests of reportLinks"))
	mine, other := id.NewSession(), id.NewSession()
	text := reportLinks.Secret(mine).Reveal()
	if got, ok := reportLinks.Read(secret.NewText(text)); !ok || got != mine || len(text) != 43 {
		t.Errorf("%q is read as %v, %v", text, got, ok)
	}
	if reportLinks.Secret(other).Reveal() == text {
		t.Error("two sessions share a secret")
	}
	if _, ok := session.NewReportLinks(master("another master secret, of another server")).Read(secret.NewText(text)); ok {
		t.Error("another server takes the secret")
	}
	forged := reportLinks.Secret(other).Reveal()[:21] + text[21:]
	for _, wrong := range []string{"", "x", text + "A", text[1:], text[:42], forged, text[:42] + "\n", "==" + text[2:]} {
		if _, ok := reportLinks.Read(secret.NewText(wrong)); ok {
			t.Errorf("%q is taken", wrong)
		}
	}
	// The last character has two spare bits: only one spelling is taken.
	taken := 0
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		if _, ok := reportLinks.Read(secret.NewText(text[:42] + string(c))); ok {
			taken++
		}
	}
	if taken != 1 {
		t.Errorf("%d spellings are taken", taken)
	}
}

func TestRC04_AShortSecretIsLongEnoughAndOneOfItsKind(t *testing.T) {
	t.Parallel()

	master := func(text string) secret.Master {
		m, err := secret.NewMaster(secret.NewText(text))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	reportLinks := session.NewReportLinks(master("a master secret for tests of reportLinks"))
	mine, other := id.NewSession(), id.NewSession()
	text := reportLinks.ShortSecret(mine).Reveal()
	// Sixteen letters of 32 are 80 bits.
	if len(text) != 16 || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz234567") != "" || reportLinks.ShortSecret(mine).Reveal() != text {
		t.Errorf("the secret is %q", text)
	}
	if reportLinks.ShortSecret(other).Reveal() == text {
		t.Error("two sessions share a secret")
	}
	if session.NewReportLinks(master("another master secret, of another server")).ShortSecret(mine).Reveal() == text {
		t.Error("another server gives the same secret")
	}
	if strings.HasPrefix(reportLinks.Secret(mine).Reveal(), text) {
		t.Error("the long secret tells the short one")
	}
	for _, good := range []string{text, strings.ToUpper(text)} {
		if !reportLinks.IsShort(secret.NewText(good)) || !reportLinks.WellFormed(secret.NewText(good)) {
			t.Errorf("%q is none", good)
		}
	}
	for _, wrong := range []string{"", text[1:], text + "a", text[:15] + "1", text[:15] + "\n", text[:8] + "\n" + text[8:], text + "======", text[:15] + "é", reportLinks.Secret(mine).Reveal()} {
		if reportLinks.IsShort(secret.NewText(wrong)) {
			t.Errorf("%q is one", wrong)
		}
	}
	if !reportLinks.WellFormed(reportLinks.Secret(mine)) || reportLinks.WellFormed(secret.NewText("zqx")) {
		t.Error("a link's form is not known")
	}
}
