package settings_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// parsed is what a program gets from its environment and its command line.
type parsed struct {
	settings.Settings
	source  *settings.Source
	context *kong.Context
}

func parse(t *testing.T, environ []string, arguments ...string) parsed {
	t.Helper()
	var chosen struct{ settings.Settings }
	source := settings.NewSource(environ)
	parser, err := kong.New(&chosen, source.Options()...)
	if err != nil {
		t.Fatal(err)
	}
	context, err := parser.Parse(arguments)
	if err != nil {
		t.Fatal(err)
	}
	return parsed{Settings: chosen.Settings, source: source, context: context}
}

// print returns what `latchkey config` shows: by variable, the value and its origin.
func (p parsed) print(t *testing.T) map[string][2]string {
	t.Helper()
	var out strings.Builder
	if err := p.Print(&out, func(flag string) settings.Origin { return p.source.OriginOf(p.context, flag) }); err != nil {
		t.Fatal(err)
	}
	lines := map[string][2]string{}
	for line := range strings.Lines(out.String()) {
		columns := strings.Fields(line)
		if len(columns) == 2 { // an empty value
			columns = slices.Insert(columns, 1, "")
		}
		lines[columns[0]] = [2]string{columns[1], columns[2]}
	}
	return lines
}

func (p parsed) origin(flag string) settings.Origin { return p.source.OriginOf(p.context, flag) }

// problems returns all problems, as the command reports them.
func (p parsed) problems() []string {
	var all []string
	for _, problem := range slices.Concat(p.source.Problems(), p.Problems()) {
		all = append(all, problem.String())
	}
	return all
}

// about returns the problems of one setting.
func (p parsed) about(variable string) []string {
	return slices.DeleteFunc(p.problems(), func(text string) bool { return !strings.HasPrefix(text, variable+":") })
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
