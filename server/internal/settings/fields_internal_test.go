package settings

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// A field of a package's Config is a setting with a name and a help text, or is skipped. kong would make a flag of any other one.
func TestEveryFieldIsASettingOrSkipped(t *testing.T) {
	t.Parallel()

	var s Settings
	parser, err := kong.New(&s, NewSource(nil).Options()...)
	if err != nil {
		t.Fatal(err)
	}
	var flags, names []string
	for _, flag := range parser.Model.Flags {
		if flag.Name != "help" {
			flags = append(flags, flag.Name)
		}
	}
	for _, f := range fields() {
		names = append(names, f.flag)
		if f.flag == "" || !strings.HasSuffix(f.help, ".") {
			t.Errorf("the setting %q has the help text %q", f.flag, f.help)
		}
	}
	slices.Sort(flags)
	slices.Sort(names)
	if !slices.Equal(flags, names) {
		t.Errorf("the flags are %v, the settings %v", flags, names)
	}
	if len(slices.Compact(names)) != len(fields()) {
		t.Errorf("two settings have the same name: %v", names)
	}
}

// Only what concerns two packages, or the server as a whole, is checked here.
func TestEveryFieldOfSettingsIsAConfigThatValidatesItself(t *testing.T) {
	t.Parallel()

	of := reflect.TypeFor[Settings]()
	for i := range of.NumField() {
		f := of.Field(i)
		if !f.Type.Implements(reflect.TypeFor[part]()) {
			t.Errorf("%s has no Validate", f.Name)
		}
		if f.Name != "Server" && f.Type.PkgPath() == of.PkgPath() {
			t.Errorf("%s is not the Config of the package that uses it", f.Name)
		}
	}
}
