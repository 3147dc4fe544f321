package password_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/password"
)

type policyCase struct {
	Why, Policy, Password string
	Own                   []string
	MaxBytes              int `json:"max_bytes"`
	Violations            []string
}

func policyCases(t testing.TB) []policyCase {
	t.Helper()
	data, err := os.ReadFile("testdata/policy.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []policyCase }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

func rules(violations []password.Violation) []string {
	found := []string{}
	for _, v := range violations {
		found = append(found, v.Rule)
	}
	return found
}

func mustPolicy(t testing.TB, name string) password.Policy {
	t.Helper()
	p, err := password.ParsePolicy(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The corpus covers PW-01, PW-02, PW-04, PW-05 and the classic rules of FEATURES B4.
func TestPW01_PW02_PW04_PW05_Corpus(t *testing.T) {
	t.Parallel()
	for _, c := range policyCases(t) {
		t.Run(fmt.Sprintf("%s/%s/%.20q", c.Policy, c.Why, c.Password), func(t *testing.T) {
			t.Parallel()
			p := mustPolicy(t, c.Policy)
			if c.MaxBytes > 0 {
				p = p.WithMaxBytes(c.MaxBytes)
			}
			got := p.Check(c.Password, c.Own...)
			if diff := cmp.Diff(c.Violations, rules(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, v := range got {
				if v.Message == "" || (len(c.Password) > len("password") && strings.Contains(v.Message, c.Password)) {
					t.Errorf("message %q", v.Message)
				}
			}
		})
	}
}

func TestPW01_PoliciesDescribeThemselves(t *testing.T) {
	t.Parallel()
	type description struct {
		Name                                    string
		Min, Max, Bytes                         int
		Letter, Upper, Digit, Special, Guessing bool
	}
	for name, want := range map[string]description{
		"classic": {"classic", 8, 15, 512, true, true, true, true, false},
		"modern":  {"modern", 8, 128, 512, false, false, false, false, true},
	} {
		p := mustPolicy(t, name)
		got := description{
			p.Name(), p.MinLength(), p.MaxLength(), p.MaxBytes(),
			p.RequireLetter(), p.RequireUpper(), p.RequireDigit(), p.RequireSpecial(), p.RefuseGuessable(),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if _, err := password.ParsePolicy("Classic"); err == nil {
		t.Error("an unknown name is accepted")
	}
	if len(password.Policy{}.Check("")) == 0 || len(password.Policy{}.Check("Abcdef1!")) == 0 {
		t.Error("the zero Policy lets something through")
	}
}

func TestPW01_TextThatIsNotUTF8IsRefused(t *testing.T) {
	t.Parallel()
	got := rules(password.Classic().Check("Abcdef1!\xff"))
	if diff := cmp.Diff([]string{password.RuleControlCharacter}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := password.Classic().Check("Abcdef1\ufffd"); got != nil {
		t.Errorf("a real U+FFFD, a symbol: %v", got)
	}
}

// Whatever Check lets through under the hasher's limit, Hash takes.
func TestPW02_PolicyAndHasherAgree(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []password.Algorithm{password.Argon2id, password.Bcrypt} {
		h, err := password.New(password.Config{Algorithm: algorithm, Argon2: password.CheapArgon2(), MaxWait: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range policyCases(t) {
			if mustPolicy(t, c.Policy).WithMaxBytes(h.MaxBytes()).Check(c.Password, c.Own...) != nil {
				continue
			}
			if algorithm == password.Bcrypt && len(c.Password) < 60 {
				continue // only those near the limit are worth the time
			}
			if _, err := h.Hash(t.Context(), c.Password); err != nil {
				t.Errorf("%s: %s: %v", algorithm, c.Why, err)
			}
		}
	}
}

func TestPW09_CheckOfHugeTextIsCheap(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("a", 64<<20)
	for _, p := range []password.Policy{password.Classic(), password.Modern()} {
		// The quickest of five turns: a busy machine makes some slower, and none quicker.
		quickest := time.Hour
		for range 5 {
			begin := time.Now()
			got := rules(p.Check(huge))
			quickest = min(quickest, time.Since(begin))
			if diff := cmp.Diff([]string{password.RuleMaxLength}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		}
		if quickest > time.Second { // looking at all of it several times would take longer
			t.Errorf("took %s", quickest)
		}
	}
}
