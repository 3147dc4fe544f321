package settings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

func TestPrintShowsValuesAndOrigins(t *testing.T) {
	t.Parallel()

	lines := parse(t, []string{"LATCHKEY_ROLES=reader,writer", "LATCHKEY_DATABASE_URL_FILE=" + file(t, "postgres://ada@db.example:5432/latchkey\n")},
		"--code-ttl=90s").print(t)
	for variable, want := range map[string][2]string{
		"LATCHKEY_LISTEN":        {"127.0.0.1:8080", "default"},
		"LATCHKEY_PUBLIC_URL":    {"", "default"},
		"LATCHKEY_MASTER_SECRET": {"", "default"},
		"LATCHKEY_ROLES":         {"reader,writer", "environment"},
		"LATCHKEY_CODE_TTL":      {"1m30s", "flag"},
		"LATCHKEY_DATABASE_URL":  {"postgres://ada@db.example:5432/latchkey", "file"},
		"LATCHKEY_BCRYPT_COST":   {"10", "default"},
	} {
		if lines[variable] != want {
			t.Errorf("%s is %q, want %q", variable, lines[variable], want)
		}
	}
}

// What is printed can be set again.
func TestDurationsArePrintedShortly(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"0s": "0s", "1s": "1s", "10s": "10s", "20s": "20s", "59s": "59s", "60s": "1m", "90s": "1m30s", "70s": "1m10s",
		"600s": "10m", "1h": "1h", "1h10m": "1h10m", "10h": "10h", "24h": "24h", "100h0m10s": "100h0m10s", "1h0m1s": "1h0m1s",
		"1500ms": "1.5s", "100ms": "100ms", "10ms": "10ms", "10us": "10µs", "-10m": "-10m", "-30s": "-30s",
	} {
		got := parse(t, []string{"LATCHKEY_CODE_RESEND_WAIT=" + text}).print(t)["LATCHKEY_CODE_RESEND_WAIT"][0]
		if got != want {
			t.Errorf("%s is printed as %s, want %s", text, got, want)
		}
		meant, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := time.ParseDuration(got); err != nil || back != meant {
			t.Errorf("%s is printed as %s, which means %v: %v", text, got, back, err)
		}
	}
}

// For any text of a secret, valid or not, from any source.
func TestLG01_SecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()

	const secret = "hunter2"
	for _, c := range []struct{ variable, value string }{
		{"LATCHKEY_MASTER_SECRET", secret},
		{"LATCHKEY_MASTER_SECRET", secret + strings.Repeat("x", 40)},
		// Base64 has + and / in it, and so can look like a URL.
		{"LATCHKEY_MASTER_SECRET", "//" + secret + "/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"},
		{"LATCHKEY_MASTER_SECRET", "https://" + secret + ".example/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"},
		{"LATCHKEY_MASTER_SECRET", "postgres://" + secret + ".example/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"},
		{"LATCHKEY_DATABASE_URL", "postgres://ada:" + secret + "@db.example/latchkey"},
		{"LATCHKEY_DATABASE_URL", "postgres://db.example/latchkey?user=ada&password=" + secret},
		{"LATCHKEY_DATABASE_URL", "postgres://db.example/latchkey#" + secret},
		// A password that is not percent-encoded.
		{"LATCHKEY_DATABASE_URL", "postgres://ada:12/" + secret + "@db.example/latchkey"},
		{"LATCHKEY_DATABASE_URL", "postgres://ada:12#" + secret + "@db.example/latchkey"},
		{"LATCHKEY_DATABASE_URL", "postgres://ada:12?" + secret + "@db.example/latchkey"},
		{"LATCHKEY_DATABASE_URL", "postgres://ada:1@" + secret + "@db.example/latchkey"},
		{"LATCHKEY_DATABASE_URL", "postgres://ada:%zz" + secret + "@db.example/latchkey"},
		{"LATCHKEY_DATABASE_URL", "postgres://ada:" + secret + "@[::1/latchkey"},
		{"LATCHKEY_DATABASE_URL", "mysql://ada:" + secret + "@db.example/latchkey"},
		{"LATCHKEY_DATABASE_URL", "host=db.example user=ada password=" + secret},
		{"LATCHKEY_SMTP_PASSWORD", secret},
		{"LATCHKEY_SOLAPI_API_SECRET", secret},
		{"LATCHKEY_SENS_SECRET_KEY", secret},
		{"LATCHKEY_TWILIO_AUTH_TOKEN", secret},
		{"LATCHKEY_SMS_HTTP_URL", "https://sms.example.com/" + secret},
		{"LATCHKEY_SMS_HTTP_URL", secret},
		{"LATCHKEY_SMS_HTTP_HEADERS", `{"Authorization":"Bearer ` + secret + `"}`},
		{"LATCHKEY_SMS_HTTP_HEADERS", secret},
		{"LATCHKEY_FCM_CREDENTIALS", `{"type":"service_account","private_key":"` + secret + `"}`},
		{"LATCHKEY_FCM_CREDENTIALS", secret},
		{"LATCHKEY_FIXED_CODES", "review@example.com=" + secret},
		{"LATCHKEY_FIXED_CODES", secret},
		{"LATCHKEY_DATABASE_URL", "//" + secret},
		{"LATCHKEY_DATABASE_URL", secret},
	} {
		flag := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(c.variable, "LATCHKEY_"), "_", "-"))
		for where, p := range map[string]parsed{
			"environment": parse(t, []string{c.variable + "=" + c.value}),
			"flag":        parse(t, nil, "--"+flag+"="+c.value),
			"file":        parse(t, []string{c.variable + "_FILE=" + file(t, c.value+"\n")}),
		} {
			value := p.print(t)[c.variable]
			if strings.Contains(value[0], secret) {
				t.Errorf("%s=%s of the %s is printed as %q", c.variable, c.value, where, value[0])
			}
			if value[0] == "" {
				t.Errorf("%s of the %s looks as if it were not set", c.variable, where)
			}
			if found := strings.Join(p.problems(), "\n"); strings.Contains(found, secret) {
				t.Errorf("%s=%s of the %s shows in %q", c.variable, c.value, where, found)
			}
		}
	}
}

func TestPrintKeepsToOneLineEach(t *testing.T) {
	t.Parallel()

	var out strings.Builder
	p := parse(t, []string{"LATCHKEY_FCM_WEB_CONFIG={\n  \"apiKey\": \"k\"\n}\n"})
	if err := p.Print(&out, func(string) settings.Origin { return settings.FromDefault }); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "LATCHKEY_") {
			t.Errorf("a line of its own: %q", line)
		}
	}
}

func TestPrintShowsTheDatabase(t *testing.T) {
	t.Parallel()

	p := parse(t, []string{"LATCHKEY_DATABASE_URL=postgres://ada:hunter2@db.example:5432/latchkey?sslmode=require"})
	if got, want := p.print(t)["LATCHKEY_DATABASE_URL"][0], "postgres://ada:xxxxx@db.example:5432/latchkey"; got != want {
		t.Errorf("printed as %q, want %q", got, want)
	}
}
