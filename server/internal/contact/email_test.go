package contact_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
)

// ruleOf returns the rule of err, "" for nil, and fails for any other error.
func ruleOf(tb testing.TB, err error) string {
	tb.Helper()
	if err == nil {
		return ""
	}
	var refused *contact.Invalid
	if !errors.As(err, &refused) {
		tb.Fatalf("error of type %T, want *contact.Invalid: %v", err, err)
	}
	return refused.Rule
}

func TestID02_OneCanonicalFormPerEmail(t *testing.T) {
	t.Parallel()
	for _, e := range corpus(t, "testdata/emails.json") {
		if e.Canonical == "" {
			continue
		}
		t.Run(fmt.Sprintf("%.40q", e.Input), func(t *testing.T) {
			t.Parallel()
			got, err := contact.ParseEmail(e.Input)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(e.Canonical, got.String()); diff != "" {
				t.Errorf("canonical form (-want +got):\n%s", diff)
			}
			again, err := contact.ParseEmail(got.String())
			if err != nil || again != got {
				t.Errorf("the canonical form parses to %q, %v", again, err)
			}
			if _, domain, _ := strings.Cut(e.Canonical, "@"); got.Domain() != domain {
				t.Errorf("Domain() = %q, want %q", got.Domain(), domain)
			}
		})
	}
}

func TestID04_EmailsThatAreNotOneAddressAreRefused(t *testing.T) {
	t.Parallel()
	for _, e := range corpus(t, "testdata/emails.json") {
		if e.Canonical != "" {
			continue
		}
		t.Run(fmt.Sprintf("%.40q", e.Input), func(t *testing.T) {
			t.Parallel()
			got, err := contact.ParseEmail(e.Input)
			if rule := ruleOf(t, err); rule != e.Rule {
				t.Errorf("rule %q, want %q (%s)", rule, e.Rule, got)
			}
			if !got.IsZero() {
				t.Errorf("a refused address came back as %q", got)
			}
		})
	}
}

// JSON cannot carry broken UTF-8, so these are not in the corpus.
func TestIN02_BrokenUTF8IsRefused(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"lone byte":       "\xff",
		"overlong slash":  "\xc0\xaf",
		"overlong NUL":    "\xc0\x80",
		"surrogate":       "\xed\xa0\x80",
		"cut off":         "\xe2\x82",
		"above U+10FFFF":  "\xf4\x90\x80\x80",
		"replaced before": "\ufffd",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := contact.ParseEmail("a" + bad + "da@example.com")
			if rule := ruleOf(t, err); rule != contact.RuleEmailEncoding {
				t.Errorf("before the @: rule %q", rule)
			}
			_, err = contact.ParseEmail("ada@exa" + bad + "mple.com")
			if rule := ruleOf(t, err); rule != contact.RuleEmailEncoding {
				t.Errorf("after the @: rule %q", rule)
			}
			_, err = contact.ParsePhone("010"+bad+"12345678", "KR")
			if rule := ruleOf(t, err); rule != contact.RulePhoneEncoding {
				t.Errorf("phone: rule %q", rule)
			}
		})
	}
}

// Every byte and a selection of characters that mean something to headers,
// SMTP, shells or HTML, at every place: what is accepted must hold none of them.
func TestIN06_NothingThatSplitsAHeaderSurvives(t *testing.T) {
	t.Parallel()
	strange := []string{"＠", "﹫", "，", "；", "\u2028", "\u2029", "\u0085", "．", "。", "＜", "％", "\u037e", "︐", "﹐", "﹔"}
	for b := range 128 {
		strange = append(strange, string(rune(b)))
	}
	const plain = "ada@example.com"
	for _, s := range strange {
		for i := range len(plain) + 1 {
			got, err := contact.ParseEmail(plain[:i] + s + plain[i:])
			if err == nil && strings.ContainsAny(got.String(), "\x00\r\n\t ,;:<>()[]\"\\%!") {
				t.Errorf("%q at %d gave %q", s, i, got)
			}
			if err == nil && strings.Count(got.String(), "@") != 1 {
				t.Errorf("%q at %d gave %q", s, i, got)
			}
		}
	}
}
