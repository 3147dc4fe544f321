package app_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

func commandSettings(t *testing.T, url string) settings.Settings {
	t.Helper()
	s := latchkeytest.Defaults(t)
	s.Database.URL = db.URL(url)
	s.Server.MasterSecret = secret.NewText("a master secret for tests of commands")
	s.Server.DataDir = t.TempDir()
	return s
}

func TestKeys_BeforeTheFirstStart(t *testing.T) {
	t.Parallel()

	var out bytes.Buffer
	if err := app.ListKeys(t.Context(), commandSettings(t, dbtest.URL(t)), false, &out); err != nil ||
		!strings.Contains(out.String(), "no key yet") {
		t.Errorf("%v: %s", err, out.String())
	}
	out.Reset()
	if err := app.ListKeys(t.Context(), commandSettings(t, dbtest.URL(t)), true, &out); err != nil || strings.TrimSpace(out.String()) != "[]" {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestKeys_ErrWithoutSchema(t *testing.T) {
	t.Parallel()

	s := commandSettings(t, dbtest.EmptyURL(t))
	for name, run := range map[string]func(*bytes.Buffer) error{
		"ListKeys":    func(out *bytes.Buffer) error { return app.ListKeys(t.Context(), s, false, out) },
		"RotateKeys":  func(out *bytes.Buffer) error { return app.RotateKeys(t.Context(), s, out) },
		"ReplaceKeys": func(out *bytes.Buffer) error { return app.ReplaceKeys(t.Context(), s, out) },
	} {
		var out bytes.Buffer
		if err := run(&out); err == nil || !strings.Contains(err.Error(), "schema of this version") || out.Len() != 0 {
			t.Errorf("%s: %v, %s", name, err, out.String())
		}
	}
}

func TestLG06_KeysErrAnotherMasterSecret(t *testing.T) {
	t.Parallel()

	s := commandSettings(t, dbtest.URL(t))
	var out bytes.Buffer
	if err := app.RotateKeys(t.Context(), s, &out); err != nil {
		t.Fatal(err)
	}
	s.Server.MasterSecret = secret.NewText("another master secret for tests of commands")
	for name, run := range map[string]func() error{
		"RotateKeys":  func() error { return app.RotateKeys(t.Context(), s, &out) },
		"ReplaceKeys": func() error { return app.ReplaceKeys(t.Context(), s, &out) },
	} {
		if err := run(); err == nil || !strings.Contains(err.Error(), "another master secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
