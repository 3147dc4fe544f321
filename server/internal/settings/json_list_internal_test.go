package settings

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// partner is what a package could let an operator list.
type partner struct {
	ID     string      `json:"id"`
	Secret secret.Text `json:"secret,omitzero"`
	Scopes []string    `json:"scopes,omitempty"`
	Keys   []key       `json:"keys,omitempty"`
	Rule   *rule       `json:"rule,omitempty"`
	// Claims are the caller's own keys, whose case is theirs.
	Claims map[string]rule `json:"claims,omitempty"`
}

type key struct {
	Name string `json:"name"`
}

type rule struct {
	key
	Least int `json:"least"`
}

// parsePartners reads a list as Settings would, and returns it with the problems.
func parsePartners(t *testing.T, text string) ([]partner, []string) {
	t.Helper()
	var cli struct {
		Partners []partner `name:"partners" type:"jsonlist" secret:"" help:"Partners."`
	}
	source := NewSource(nil)
	parser, err := kong.New(&cli, source.Options()...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"--partners=" + text}); err != nil {
		t.Fatal(err)
	}
	var problems []string
	for _, p := range source.Problems() {
		problems = append(problems, p.String())
	}
	return cli.Partners, problems
}

func TestAListOfStructsIsReadFromJSON(t *testing.T) {
	t.Parallel()
	got, problems := parsePartners(t, `
		[{"id": "a", "secret": "hush", "scopes": ["x", "y"]}, {"id": "b"}]`)
	want := []partner{{ID: "a", Secret: secret.NewText("hush"), Scopes: []string{"x", "y"}}, {ID: "b"}}
	if !reflect.DeepEqual(got, want) || len(problems) > 0 {
		t.Errorf("got %+v, %v", got, problems)
	}
	for _, empty := range []string{"", "[]", " "} {
		if got, problems := parsePartners(t, empty); len(got) > 0 || len(problems) > 0 {
			t.Errorf("%q: %+v, %v", empty, got, problems)
		}
	}
}

// Every entry that is wrong is named at once, and no problem holds a value.
func TestLG06_AListOfStructsThatIsWrongIsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`{"id": "hush"}`:              {"is not a JSON list; write it like [{…}, {…}]"},
		`[{"id": "hush"}`:             {"is not a JSON list; write it like [{…}, {…}] (byte 15)"},
		`hush`:                        {"is not a JSON list; write it like [{…}, {…}] (byte 1)"},
		`["hush", null, {"id": "a"}]`: {"entry 1: is not a JSON object", "entry 2: is not a JSON object"},
		`[{"id": "a", "sceret": "hush"}, {"id": "b"}, {"scopes": "hush"}, {"secret": 5}]`: {
			`entry 1: unknown field "sceret"`, "entry 3: scopes has a string, which it does not take", "entry 4: secret has a number, which it does not take",
		},
	} {
		got, problems := parsePartners(t, text)
		for i, p := range want {
			want[i] = "LATCHKEY_PARTNERS: " + p
		}
		if len(got) > 0 || !slices.Equal(problems, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", text, problems, want)
		}
		if strings.Contains(strings.Join(problems, ""), "hush") {
			t.Errorf("%s: a value is shown: %q", text, problems)
		}
	}
}

// encoding/json would take a key in any case, and the last one of two.
func TestLG06_KeysAreExactAndStandOnce(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		`{"ID": "a"}`:                              `unknown field "ID"`,
		`{"id": "a", "Secret": "hush"}`:            `unknown field "Secret"`,
		`{"id": "a", "id": "b"}`:                   "id occurs twice",
		`{"id": "a", "\u0069d": "b"}`:              "id occurs twice",
		`{"id": "a", "iD": "b"}`:                   `unknown field "iD"`,
		`{"secret": "hush", "secret": "hush"}`:     "secret occurs twice",
		`{"keys": [{"name": "a"}, {"Name": "a"}]}`: `unknown field "Name"`,
		`{"keys": [{"name": "a", "name": "b"}]}`:   "name occurs twice",
		`{"rule": {"Least": 1}}`:                   `unknown field "Least"`,
		`{"rule": {"least": 1, "least": 2}}`:       "least occurs twice",
		`{"rule": {"NAME": "a"}}`:                  `unknown field "NAME"`,
		`{"claims": {"a": {"LEAST": 1}}}`:          `unknown field "LEAST"`,
		`{"claims": {"a": {}, "a": {}}}`:           "a occurs twice",
		// The Kelvin sign is a k in another case.
		`{"\u212aeys": []}`: "unknown field \"\u212aeys\"",
	} {
		got, problems := parsePartners(t, "["+entry+"]")
		if want := "LATCHKEY_PARTNERS: entry 1: " + want; len(got) > 0 || !slices.Equal(problems, []string{want}) {
			t.Errorf("%s:\ngot  %q\nwant %q", entry, problems, want)
		}
	}
	for _, entry := range []string{
		`{"rule": {"name": "a", "least": 1}}`, `{"claims": {"a": {"least": 1}, "A": {"least": 1}}}`, `{"rule": null, "keys": [null, {}], "scopes": null}`,
	} {
		if got, problems := parsePartners(t, "["+entry+"]"); len(got) != 1 || len(problems) > 0 {
			t.Errorf("%s: %+v, %q", entry, got, problems)
		}
	}
}

func TestLG06_AListOfStructsIsShownWithoutItsSecrets(t *testing.T) {
	t.Parallel()
	list := []partner{{ID: "a", Secret: secret.NewText("hush")}, {ID: "b"}}
	if got, want := (field{}).showValue(reflect.ValueOf(list)), `[{"id":"a","secret":"[secret]"},{"id":"b"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := (field{}).showValue(reflect.ValueOf([]partner{})); got != "" {
		t.Errorf("an empty list is shown as %q", got)
	}
}
