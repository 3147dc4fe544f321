package rpc

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/contact"
)

// The tests of clients/ts run the same two files through the rules of forms.
const (
	visibleTexts      = "testdata/visible_text.json"
	visibleCodePoints = "testdata/visible_code_points.json"
)

var update = flag.Bool("update", false, "write "+visibleCodePoints+" for the Unicode version of this Go")

// requestWith names, for each kind of text, a request that holds one.
var requestWith = map[string]string{
	"nickname": "UpdateProfileRequest", "name": "UpdateProfileRequest", "password": "SignInRequest",
	"title": "SendPushRequest", "body": "SendPushRequest", "email": "CheckAvailabilityRequest",
}

func TestIN02_TextsAreVisibleAndCountedAfterNormalisation(t *testing.T) {
	t.Parallel()
	var file struct {
		Cases []struct{ Why, Field, Text, Rule string }
	}
	readTestdata(t, visibleTexts, &file)
	v := verdictValidators(t)["usual"]
	for _, c := range file.Cases {
		request, err := json.Marshal(map[string]string{c.Field: c.Text})
		if err != nil {
			t.Fatal(err)
		}
		message := readRequest(t, requestWith[c.Field], string(request))
		var broken []string
		for _, violation := range v.verdict(t, message) {
			if field, rule, _ := strings.Cut(violation, ": "); field == c.Field {
				broken = append(broken, rule)
			}
		}
		got := strings.Join(broken, ", ")
		// What only the server can know comes after the contract's rules.
		if c.Field == "email" && c.Rule == "" && strings.HasPrefix(got, "email.local") {
			got = ""
		}
		if got != c.Rule {
			t.Errorf("%s, %s: %+q breaks %q, want %q", c.Field, c.Why, c.Text, got, c.Rule)
		}
		m := message.ProtoReflect()
		text := m.Get(m.Descriptor().Fields().ByJSONName(c.Field)).String()
		if c.Field != "email" && got == "" && text != norm.NFC.String(c.Text) {
			t.Errorf("%s, %s: the handler gets %+q", c.Field, c.Why, text)
		}
	}
}

// The contract lists the characters for which RE2 has no property. The list must agree with Unicode's tables.
func TestIN02_EachCodePointIsVisibleAsUnicodeSaysIt(t *testing.T) {
	t.Parallel()
	words, line, paragraphs := pattern(t, latchkeyv1.E_Words, 0), pattern(t, latchkeyv1.E_Line, 0), pattern(t, latchkeyv1.E_Paragraphs, 0)
	email := pattern(t, latchkeyv1.E_EmailShape, 1)
	var accepted, unassigned ranges
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if unicode.Is(unicode.Cs, r) {
			continue
		}
		text := "a" + string(r) + "b"
		visible := isAssigned(r) && !unicode.In(r, unicode.C, unicode.Z) && !isIgnorable(r) && !isBlankByName(r)
		// Phones have emoji before servers know of them.
		visible = visible || !isAssigned(r) && isEmojiBlock(r)
		if got := words.MatchString(text); got != (visible || r == ' ') {
			t.Errorf("words: %U is accepted: %t, want %t", r, got, !got)
		}
		if got, want := line.MatchString(text), visible || unicode.Is(unicode.Zs, r); got != want {
			t.Errorf("line: %U is accepted: %t, want %t", r, got, want)
		}
		if got, want := paragraphs.MatchString(text), visible || unicode.Is(unicode.Z, r) || r == '\n'; got != want {
			t.Errorf("paragraphs: %U is accepted: %t, want %t", r, got, want)
		}
		invisible := unicode.Is(unicode.Cf, r) || isIgnorable(r) || isBlankByName(r)
		if got := !email.MatchString(text + "@example.com"); got != invisible {
			t.Errorf("e-mail: %U is invisible: %t, want %t", r, got, invisible)
		}
		if got := ruleOfEmail(text+"@example.com") == contact.RuleEmailInvisible; got != invisible {
			t.Errorf("package contact: %U is invisible: %t, want %t", r, got, invisible)
		}
		if visible {
			accepted.add(r)
		}
		if !isAssigned(r) {
			unassigned.add(r)
		}
	}

	want := map[string][]string{"unicode": {unicode.Version}, "accepted": accepted.text(), "unassigned": unassigned.text()}
	if *update {
		writeTestdata(t, visibleCodePoints, want)
	}
	var file map[string][]string
	readTestdata(t, visibleCodePoints, &file)
	if diff := cmp.Diff(want, file); diff != "" {
		t.Errorf("%s is out of date; run this test with -update (-want +got)\n%s", visibleCodePoints, diff)
	}
}

// What normalisation does not reach would be counted as it was typed.
func TestNormalizedRulesStandOnPlainFieldsOnly(t *testing.T) {
	t.Parallel()
	on := func(rules *validate.FieldRules) bool {
		for _, rule := range normalizedRules {
			if proto.HasExtension(rules.GetString(), rule) {
				return true
			}
		}
		return false
	}
	eachInput(func(message protoreflect.MessageDescriptor) {
		for i := range message.Fields().Len() {
			field := message.Fields().Get(i)
			rules, err := protovalidate.ResolveFieldRules(field)
			if err != nil {
				t.Fatal(err)
			}
			if on(rules.GetRepeated().GetItems()) || on(rules.GetMap().GetKeys()) || on(rules.GetMap().GetValues()) || field.Message() != nil && !field.IsMap() {
				t.Errorf("%s: normalise it in normalize.go", field.FullName())
			}
		}
	})
}

func eachInput(do func(protoreflect.MessageDescriptor)) {
	for _, file := range services {
		for s := range file.Services().Len() {
			methods := file.Services().Get(s).Methods()
			for m := range methods.Len() {
				do(methods.Get(m).Input())
			}
		}
	}
}

// pattern returns the regular expression of a predefined rule.
func pattern(t *testing.T, rule protoreflect.ExtensionType, i int) *regexp.Regexp {
	t.Helper()
	predefined, ok := proto.GetExtension(rule.TypeDescriptor().Options(), validate.E_Predefined).(*validate.PredefinedRules)
	if !ok {
		t.Fatalf("%s is no predefined rule", rule.TypeDescriptor().FullName())
	}
	_, quoted, _ := strings.Cut(predefined.GetCel()[i].GetExpression(), "matches('")
	return regexp.MustCompile(strings.ReplaceAll(strings.TrimSuffix(quoted, "')"), `\\`, `\`))
}

func isAssigned(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf, unicode.Co)
}

// isIgnorable reports whether a character has the property Default_Ignorable_Code_Point, as Unicode derives it. The
// blocks that are ignorable as a whole hold unassigned code points too.
func isIgnorable(r rune) bool {
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r >= 0xE0000 && r <= 0xE0FFF
}

func isBlankByName(r rune) bool {
	return strings.ContainsRune("\u2800\uFFFC\U0001107F\U00013441\U00013442\U00016FE4\U0001D159", r)
}

func isEmojiBlock(r rune) bool {
	return r >= 0x2B00 && r <= 0x2BFF || r >= 0x1F000 && r <= 0x1FAFF && (r < 0x1F1E6 || r > 0x1F1FF)
}

func ruleOfEmail(address string) string {
	_, err := contact.ParseEmail(address)
	if invalid, ok := err.(*contact.Invalid); ok { //nolint:errorlint // ParseEmail wraps nothing
		return invalid.Rule
	}
	return ""
}

// ranges are code points in order.
type ranges [][2]rune

func (rs *ranges) add(r rune) {
	if n := len(*rs); n > 0 && (*rs)[n-1][1] == r-1 {
		(*rs)[n-1][1] = r
		return
	}
	*rs = append(*rs, [2]rune{r, r})
}

func (rs ranges) text() (lines []string) {
	for i, r := range rs {
		if i%12 == 0 {
			lines = append(lines, "")
		}
		lines[len(lines)-1] += fmt.Sprintf("%x-%x ", r[0], r[1])
	}
	return lines
}

func readTestdata(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func writeTestdata(t *testing.T, path string, value any) {
	t.Helper()
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}
