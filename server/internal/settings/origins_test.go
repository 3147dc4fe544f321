package settings_test

import (
	"strings"
	"testing"
)

// Package origin tests what an origin is.
func TestCK05_EveryAllowedOriginIsChecked(t *testing.T) {
	t.Parallel()

	const name = "LATCHKEY_ALLOWED_ORIGINS"
	for _, value := range []string{"", "http://localhost:5173", "https://a.example,https://b.example", "https://a.example , http://a.example"} {
		if found := parse(t, []string{name + "=" + value}).problems(); len(found) > 0 {
			t.Errorf("%q: %q", value, found)
		}
	}
	for _, value := range []string{
		"*", "null", "https://a.example/", "https://a.example,,https://b.example", "https://a.example,", ",",
		"https://a.example,https://a.example", "https://a.example https://b.example",
	} {
		if len(parse(t, []string{name + "=" + value}).about(name)) == 0 {
			t.Errorf("%q is no problem", value)
		}
	}
}

func TestCK05_AllWrongOriginsAreReportedTogether(t *testing.T) {
	t.Parallel()

	wrong := []string{"*", "null", "https://a.example/", "https://B.example", "https://c.example:443", ""}
	found := parse(t, []string{"LATCHKEY_ALLOWED_ORIGINS=https://good.example," + strings.Join(wrong, ",")}).about("LATCHKEY_ALLOWED_ORIGINS")
	if len(found) != len(wrong) {
		t.Fatalf("of %d wrong ones, these are reported: %q", len(wrong), found)
	}
	for i, origin := range wrong {
		if !strings.Contains(found[i], `"`+origin+`"`) {
			t.Errorf("%q does not name %q", found[i], origin)
		}
	}
}

// What a browser would not take, or what would open nothing, is not worth starting with.
func TestCK02_NoneNeedsTLSAndAPageElsewhere(t *testing.T) {
	t.Parallel()

	const tls, page = "LATCHKEY_PUBLIC_URL=https://accounts.example.com", "LATCHKEY_ALLOWED_ORIGINS=https://app.example.org"
	for name, c := range map[string]struct {
		environ  []string
		problems int
	}{
		"both":          {[]string{tls, page}, 0},
		"no page":       {[]string{tls}, 1},
		"no TLS":        {[]string{"LATCHKEY_PUBLIC_URL=http://accounts.example.com", page}, 1},
		"no public URL": {[]string{page}, 1},
		"neither":       {nil, 2},
	} {
		found := parse(t, append(c.environ, "LATCHKEY_COOKIE_SAMESITE=none")).problems()
		if len(found) != c.problems || c.problems > 0 && !strings.HasPrefix(found[0], "LATCHKEY_COOKIE_SAMESITE: ") {
			t.Errorf("%s: %q", name, found)
		}
	}
}
