package contact_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nyaruka/phonenumbers"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
)

func TestID03_EverySpellingMeetsTheSameNumber(t *testing.T) {
	t.Parallel()
	for _, e := range corpus(t, "testdata/phones.json") {
		if e.Canonical == "" {
			continue
		}
		t.Run(fmt.Sprintf("%s/%.40q", e.region(), e.Input), func(t *testing.T) {
			t.Parallel()
			got, err := contact.ParsePhone(e.Input, e.region())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(e.Canonical, got.String()); diff != "" {
				t.Errorf("canonical form (-want +got):\n%s", diff)
			}
			if string(got.Kind()) != e.Kind {
				t.Errorf("kind %q, want %q", got.Kind(), e.Kind)
			}
			for _, region := range []string{e.region(), "KR", "US", "JP", ""} {
				again, err := contact.ParsePhone(got.String(), region)
				if err != nil || again != got {
					t.Errorf("the canonical form parses in %q to %v, %v", region, again, err)
				}
			}
		})
	}
}

func TestID04_PhonesThatAreNotOneNumberAreRefused(t *testing.T) {
	t.Parallel()
	for _, e := range corpus(t, "testdata/phones.json") {
		if e.Canonical != "" {
			continue
		}
		t.Run(fmt.Sprintf("%s/%.40q", e.region(), e.Input), func(t *testing.T) {
			t.Parallel()
			got, err := contact.ParsePhone(e.Input, e.region())
			if rule := ruleOf(t, err); rule != e.Rule {
				t.Errorf("rule %q, want %q (%s)", rule, e.Rule, got)
			}
			if !got.IsZero() {
				t.Errorf("a refused number came back as %q", got)
			}
		})
	}
}

func TestID03_OnlyMobilesAreSentTo(t *testing.T) {
	t.Parallel()
	for _, e := range corpus(t, "testdata/phones.json") {
		if e.Canonical == "" {
			continue
		}
		t.Run(fmt.Sprintf("%s/%.40q", e.region(), e.Input), func(t *testing.T) {
			t.Parallel()
			got, err := contact.ParsePhone(e.Input, e.region())
			if err != nil {
				t.Fatal(err)
			}
			if rule := ruleOf(t, got.RequireSMS()); rule != e.Rule {
				t.Errorf("rule %q, want %q", rule, e.Rule)
			}
		})
	}
}

func TestID03_NationalForms(t *testing.T) {
	t.Parallel()
	type forms struct{ Region, National, Formatted string }
	for input, want := range map[string]forms{
		"+821012345678":  {"KR", "01012345678", "010-1234-5678"},
		"011-123-4567":   {"KR", "0111234567", "011-123-4567"},
		"02-123-4567":    {"KR", "021234567", "02-123-4567"},
		"1588-1234":      {"KR", "15881234", "1588-1234"},
		"+12025550123":   {"US", "2025550123", "(202) 555-0123"},
		"+16135550123":   {"CA", "6135550123", "(613) 555-0123"},
		"+81312345678":   {"JP", "0312345678", "03-1234-5678"},
		"+393123456789":  {"IT", "3123456789", "312 345 6789"},
		"+80012345678":   {"001", "+80012345678", "+800 1234 5678"},
		"+5491123456789": {"AR", "+5491123456789", "+54 9 11 2345-6789"},
	} {
		t.Run(input, func(t *testing.T) {
			t.Parallel()
			p, err := contact.ParsePhone(input, "KR")
			if err != nil {
				t.Fatal(err)
			}
			got := forms{p.Region(), p.National(), p.NationalFormatted()}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A mobile and a fixed number of every country must be readable and must not
// change when they are read back. (Other kinds passed too, but compiling their
// patterns takes ten seconds under the race detector.)
func TestID03_EveryCountrysExamplesAreStable(t *testing.T) {
	t.Parallel()
	for region := range phonenumbers.GetSupportedRegions() {
		if !contact.KnownRegion(region) {
			t.Errorf("%s is not known", region)
		}
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.MOBILE, phonenumbers.FIXED_LINE} {
			example := phonenumbers.GetExampleNumberForType(region, kind)
			if example == nil {
				continue
			}
			want := phonenumbers.Format(example, phonenumbers.E164)
			got, err := contact.ParsePhone(want, "KR")
			if err != nil || got.String() != want {
				t.Errorf("%s: %s parses to %q, %v", region, want, got, err)
			}
			back, err := contact.ParsePhone(got.NationalFormatted(), region)
			if err != nil || back != got {
				t.Errorf("%s: national form %q of %s parses to %q, %v", region, got.NationalFormatted(), want, back, err)
			}
			if back, err = contact.ParsePhone(got.National(), region); err != nil || back != got {
				t.Errorf("%s: national digits %q of %s parse to %q, %v", region, got.National(), want, back, err)
			}
		}
	}
}

func TestKnownRegion_RefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"", "kr", "XX", "001", "82", "KOR"} {
		if contact.KnownRegion(region) {
			t.Errorf("%q is known", region)
		}
	}
}
