package settings_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// A value of each type, thrice.
func TestFlagsComeBeforeVariablesAndVariablesBeforeDefaults(t *testing.T) {
	t.Parallel()

	type values struct {
		Listen  string
		Master  string
		Email   account.ContactRule
		Roles   []string
		Hash    password.Algorithm
		Cost    int
		CodeTTL time.Duration
		Origin  settings.Origin
	}
	environ := []string{
		"LATCHKEY_LISTEN=:1", "LATCHKEY_MASTER_SECRET=of the environment", "LATCHKEY_SIGN_UP_EMAIL=required",
		"LATCHKEY_ROLES=reader, writer", "LATCHKEY_PASSWORD_HASH=bcrypt", "LATCHKEY_BCRYPT_COST=11", "LATCHKEY_CODE_TTL=5m",
	}
	flags := []string{
		"--listen=:2", "--master-secret=of the flag", "--sign-up-email=off", "--roles=one,two", "--password-hash=argon2id",
		"--bcrypt-cost=12", "--code-ttl=3m",
	}
	for name, c := range map[string]struct {
		environ, flags []string
		want           values
	}{
		"default": {want: values{
			"127.0.0.1:8080", "", account.Verified,
			[]string{"trainee", "trainer"},
			password.Argon2id, 10, 10 * time.Minute,
			settings.FromDefault,
		}},
		"environment": {environ: environ, want: values{
			":1", "of the environment", account.Required,
			[]string{"reader", "writer"},
			password.Bcrypt, 11, 5 * time.Minute,
			settings.FromEnvironment,
		}},
		"flag": {flags: flags, want: values{
			":2", "of the flag", account.Off, []string{"one", "two"}, password.Argon2id, 12, 3 * time.Minute, settings.FromFlag,
		}},
		"flag over environment": {environ: environ, flags: flags, want: values{
			":2", "of the flag", account.Off, []string{"one", "two"}, password.Argon2id, 12, 3 * time.Minute, settings.FromFlag,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := parse(t, c.environ, c.flags...)
			got := values{
				p.Server.Listen, p.Server.MasterSecret.Reveal(), p.Accounts.Email, p.Accounts.Roles, p.Passwords.Algorithm, p.Passwords.BcryptCost, p.Codes.CodeTTL, c.want.Origin,
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, flag := range []string{
				"listen", "master-secret", "sign-up-email", "roles", "password-hash", "bcrypt-cost", "code-ttl",
			} {
				if got := p.origin(flag); got != c.want.Origin {
					t.Errorf("%s comes from %s, want %s", flag, got, c.want.Origin)
				}
			}
			if found := p.source.Problems(); len(found) > 0 {
				t.Errorf("problems: %v", found)
			}
		})
	}
}

func TestSecretsComeFromFiles(t *testing.T) {
	t.Parallel()

	const secret = " a secret with blanks around it, and a % and a = "
	for name, text := range map[string]string{
		"bare": secret, "line end": secret + "\n", "Windows line end": secret + "\r\n", "two line ends": secret + "\n\n",
	} {
		p := parse(t, []string{"LATCHKEY_MASTER_SECRET_FILE=" + file(t, text)})
		if got := p.Server.MasterSecret.Reveal(); got != secret {
			t.Errorf("%s: read as %q", name, got)
		}
		if got := p.origin("master-secret"); got != settings.FromFile {
			t.Errorf("%s: comes from %s", name, got)
		}
		if found := p.source.Problems(); len(found) > 0 {
			t.Errorf("%s: problems: %v", name, found)
		}
	}
}

func TestAFlagComesBeforeAFile(t *testing.T) {
	t.Parallel()

	p := parse(t, []string{"LATCHKEY_MASTER_SECRET_FILE=" + file(t, "of the file")}, "--master-secret=of the flag")
	if got := p.Server.MasterSecret.Reveal(); got != "of the flag" || p.origin("master-secret") != settings.FromFlag {
		t.Errorf("read as %q from %s", got, p.origin("master-secret"))
	}
}

func TestASecretIsReportedOnce(t *testing.T) {
	t.Parallel()

	p := parse(t, []string{
		"LATCHKEY_MASTER_SECRET=of the environment, long enough to be one",
		"LATCHKEY_MASTER_SECRET_FILE=" + file(t, "of the file, which is long enough to be one"),
	})
	if found := p.about("LATCHKEY_MASTER_SECRET"); len(found) != 1 || !strings.Contains(found[0], "LATCHKEY_MASTER_SECRET_FILE") {
		t.Errorf("problems: %q", found)
	}
	if !p.Server.MasterSecret.Empty() {
		t.Error("one of the two was chosen")
	}
}

func TestAFileThatCannotBeReadIsAProblem(t *testing.T) {
	t.Parallel()

	missing := filepath.Join(t.TempDir(), "missing")
	p := parse(t, []string{"LATCHKEY_MASTER_SECRET_FILE=" + missing, "LATCHKEY_DATABASE_URL_FILE=" + t.TempDir()})
	if found := p.about("LATCHKEY_MASTER_SECRET_FILE"); len(found) != 1 || !strings.Contains(found[0], missing) {
		t.Errorf("problems: %q", found)
	}
	if found := p.about("LATCHKEY_DATABASE_URL_FILE"); len(found) != 1 {
		t.Errorf("problems of a folder: %q", found)
	}
}

func TestVariablesThatNoSettingHasAreNamed(t *testing.T) {
	t.Parallel()

	p := parse(t, []string{
		"LATCHKEY_MASTER_SECRE=hunter2-hunter2", "LATCHKEY_LISTEN_FILE=/dev/null", "LATCHKEY_=x",
		// Not ours, or reserved.
		"PATH=/bin", "LATCHKEYS=x", "latchkey_listen=x", "LATCHKEY_TEST_DATABASE_URL=x", "malformed",
	})
	found := p.problems()
	if len(found) != 3 {
		t.Errorf("problems: %q", found)
	}
	for _, name := range []string{"LATCHKEY_MASTER_SECRE", "LATCHKEY_LISTEN_FILE", "LATCHKEY_"} {
		if len(p.about(name)) != 1 {
			t.Errorf("%s is not named in %q", name, found)
		}
	}
	if strings.Contains(strings.Join(found, "\n"), "hunter2") {
		t.Errorf("a misspelt name's value shows in %q", found)
	}
}
