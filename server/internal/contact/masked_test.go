package contact_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
)

func TestID02_MaskedEmail(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"ada@example.com":         "a***@example.com",
		"al@example.com":          "a***@example.com",
		"a@example.com":           "***@example.com",
		"ada.lovelace@한글.example": "a***@xn--bj0bj06e.example",
	} {
		e, err := contact.ParseEmail(input)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Masked(); got != want {
			t.Errorf("%s masked is %q, want %q", input, got, want)
		}
	}
}

func TestID03_MaskedPhone(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]string{
		"01012345678":   "010-****-5678",
		"011-123-4567":  "011-***-4567",
		"02-123-4567":   "02-***-4567",
		"1588-1234":     "+82 ******34",
		"+12025550123":  "+1 *******123",
		"+447400123456": "+44 *******456",
		"+819012345678": "+81 *******678",
		"+29051234":     "+290 ****4",
	} {
		p, err := contact.ParsePhone(input, "KR")
		if err != nil {
			t.Fatalf("%s: %v", input, err)
		}
		if got := p.Masked(); got != want {
			t.Errorf("%s masked is %q, want %q", input, got, want)
		}
	}
}

func TestMasked_ZeroValuesAreEmpty(t *testing.T) {
	t.Parallel()
	if got := (contact.Email{}).Masked() + (contact.Email{}).String() + (contact.Email{}).Domain(); got != "" {
		t.Errorf("zero e-mail prints %q", got)
	}
	p := contact.Phone{}
	if got := p.Masked() + p.String() + p.National() + p.NationalFormatted(); got != "" {
		t.Errorf("zero phone prints %q", got)
	}
	if p.CanReceiveSMS() {
		t.Error("no number can receive messages")
	}
}

func TestLG01_LogsHoldTheMaskedForm(t *testing.T) {
	t.Parallel()
	e, err := contact.ParseEmail("ada.lovelace@example.com")
	if err != nil {
		t.Fatal(err)
	}
	p, err := contact.ParsePhone("01012345678", "KR")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("sent", "email", e, "phone", p)
	}
	for _, leak := range []string{"lovelace", "1234"} {
		if strings.Contains(strings.ReplaceAll(out.String(), "time=", ""), leak) {
			t.Errorf("%q is in the log: %s", leak, out.String())
		}
	}
}
