package contact_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
)

func FuzzParseEmail(f *testing.F) {
	for _, e := range corpus(f, "testdata/emails.json") {
		f.Add(e.Input)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := contact.ParseEmail(s)
		if err != nil {
			if ruleOf(t, err) == "" || !got.IsZero() {
				t.Fatalf("%q: %q, %v", s, got, err)
			}
			return
		}
		canonical := got.String()
		if again, err := contact.ParseEmail(canonical); err != nil || again != got {
			t.Errorf("%q gives %q, and that %q, %v", s, canonical, again, err)
		}
		if strings.ContainsAny(canonical, " ,;:<>()[]\"\\%!") || strings.Count(canonical, "@") != 1 ||
			canonical != strings.ToLower(canonical) || len(canonical) > 254 {
			t.Errorf("%q gives %q", s, canonical)
		}
		printableASCII(t, canonical, got.Domain(), got.Masked())
	})
}

func FuzzParsePhone(f *testing.F) {
	for _, e := range corpus(f, "testdata/phones.json") {
		f.Add(e.Input, e.region())
	}
	f.Fuzz(func(t *testing.T, s, region string) {
		got, err := contact.ParsePhone(s, region)
		if err != nil {
			if ruleOf(t, err) == "" || !got.IsZero() {
				t.Fatalf("%q in %q: %q, %v", s, region, got, err)
			}
			return
		}
		for _, elsewhere := range []string{region, "KR", "US", ""} {
			if again, err := contact.ParsePhone(got.String(), elsewhere); err != nil || again != got {
				t.Errorf("%q in %q gives %q, and that in %q %q, %v", s, region, got, elsewhere, again, err)
			}
		}
		if n := got.String(); n[0] != '+' || strings.Trim(n[1:], "0123456789") != "" || len(n) > 16 {
			t.Errorf("%q in %q gives %q", s, region, n)
		}
		if strings.Trim(got.National(), "+0123456789") != "" || got.Region() == "" || got.Kind() == "" {
			t.Errorf("%q: national %q, region %q, kind %q", got, got.National(), got.Region(), got.Kind())
		}
		printableASCII(t, got.String(), got.National(), got.NationalFormatted(), got.Masked())
	})
}

func printableASCII(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if s == "" {
			t.Error("an empty form")
		}
		for _, r := range s {
			if r < ' ' || r > '~' {
				t.Errorf("%q holds %U", s, r)
			}
		}
	}
}
