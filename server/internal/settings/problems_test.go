package settings_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestDefaultsHaveNoProblems(t *testing.T) {
	t.Parallel()

	if found := parse(t, nil).problems(); len(found) > 0 {
		t.Errorf("problems: %q", found)
	}
}

// The checks of some packages range over maps.
func TestProblemsAreReportedInOneOrder(t *testing.T) {
	t.Parallel()

	var environ []string
	for name, value := range each {
		environ = append(environ, name+"="+value)
	}
	first := parse(t, environ).problems()
	for range 20 {
		if again := parse(t, environ).problems(); !slices.Equal(first, again) {
			t.Fatalf("reported as %q and as %q", first, again)
		}
	}
}

// each is a value that cannot be used, for every setting that has any.
var each = map[string]string{
	"LATCHKEY_LISTEN":             "8080",
	"LATCHKEY_PUBLIC_URL":         "accounts.example.com",
	"LATCHKEY_DATABASE_URL":       "mysql://root:hunter2@localhost/latchkey",
	"LATCHKEY_MASTER_SECRET":      "hunter2",
	"LATCHKEY_FORMER_ISSUERS":     "accounts.example.com",
	"LATCHKEY_DATABASE_MAX_CONNS": "1",
	"LATCHKEY_DATABASE_WAIT":      "2h",
	"LATCHKEY_SHUTDOWN_TIMEOUT":   "100ms",
	"LATCHKEY_SIGN_UP_EMAIL":      "sometimes",
	"LATCHKEY_SIGN_UP_PHONE":      "Verified",
	"LATCHKEY_ROLES":              "admin",
	"LATCHKEY_PHONE_REGION":       "KOR",
	"LATCHKEY_SMS_COUNTRIES":      "KR,XX",
	"LATCHKEY_PASSWORD_POLICY":    "none",
	"LATCHKEY_PASSWORD_HASH":      "md5",
	"LATCHKEY_BCRYPT_COST":        "9",
	"LATCHKEY_CODE_TTL":           "11m",
	"LATCHKEY_CODE_RESEND_WAIT":   "11m",
	"LATCHKEY_PROOF_TTL":          "2h",
	"LATCHKEY_ACCESS_TOKEN_TTL":   "0s",
	"LATCHKEY_REFRESH_TOKEN_TTL":  "-1h",
	"LATCHKEY_SESSION_MAX_AGE":    "10000h",
	"LATCHKEY_TOKEN_ALGORITHM":    "HS256",
	"LATCHKEY_KEY_MAX_AGE":        "23h",
	"LATCHKEY_COOKIE_SAMESITE":    "strict",
	"LATCHKEY_ALLOWED_ORIGINS":    "https://app.example.com/",
	"LATCHKEY_TRUSTED_PROXIES":    "proxy.example.com",
	"LATCHKEY_SMTP_HOST":          "smtp.example.com:587",
	"LATCHKEY_SMTP_PORT":          "70000",
	"LATCHKEY_SMTP_TLS":           "ssl",
	"LATCHKEY_MAIL_FROM":          "Latchkey",
	"LATCHKEY_SMS_PROVIDER":       "pigeon",
	"LATCHKEY_SMS_FALLBACK":       "owl",
	"LATCHKEY_SOLAPI_URL":         "http://api.solapi.com",
	"LATCHKEY_SENS_URL":           "sens",
	"LATCHKEY_TWILIO_URL":         "https://a:b@api.twilio.com",
	"LATCHKEY_FCM_CREDENTIALS":    "{\"private_key\":\"hunter2\"}",
	"LATCHKEY_FCM_ENDPOINT":       "ftp://fcm",
	"LATCHKEY_FCM_WEB_CONFIG":     "{\"private_key\":\"hunter2\"}",
	"LATCHKEY_FCM_WEB_VAPID_KEY":  "hunter2",
	"LATCHKEY_FIXED_CODES":        "review@example.com=hunter2",
	"LATCHKEY_FIXED_CODES_UNTIL":  "next year",

	"LATCHKEY_CONNECTIONS_PER_NETWORK": "0",
	"LATCHKEY_CALLS_PER_NETWORK":       "2049",
}

func TestLG06_AllProblemsAreReportedTogether(t *testing.T) {
	t.Parallel()

	var environ []string
	for name, value := range each {
		environ = append(environ, name+"="+value)
	}
	p := parse(t, environ)
	for _, name := range slices.Sorted(maps.Keys(each)) {
		if len(p.about(name)) == 0 {
			t.Errorf("%s=%s is no problem", name, each[name])
		}
	}
	if strings.Contains(strings.Join(p.problems(), "\n"), "hunter2") {
		t.Errorf("a secret shows in %q", p.problems())
	}
}

func TestLG06_EachProblemNamesItsSetting(t *testing.T) {
	t.Parallel()

	for name, value := range each {
		p := parse(t, []string{name + "=" + value})
		found := p.problems()
		// Without a proven contact, both settings are reported: the operator chooses which one to change. The same applies to
		// settings that another one needs.
		if len(p.about(name)) == 0 || len(found) > len(p.about(name))+1 {
			t.Errorf("%s=%s reports %q", name, value, found)
		}
	}
}

func TestUnreadableValuesAreReportedTogether(t *testing.T) {
	t.Parallel()

	p := parse(t, []string{"LATCHKEY_CODE_TTL=ten minutes", "LATCHKEY_PROOF_TTL=15", "LATCHKEY_BCRYPT_COST=10.5"}, "--access-token-ttl=1 day")
	for name, value := range map[string]string{
		"LATCHKEY_CODE_TTL": "ten minutes", "LATCHKEY_PROOF_TTL": `"15"`, "LATCHKEY_BCRYPT_COST": "10.5",
		"LATCHKEY_ACCESS_TOKEN_TTL": "1 day",
	} {
		if found := p.about(name); len(found) == 0 || !strings.Contains(found[0], value) {
			t.Errorf("%s: %q", name, found)
		}
	}
}

func TestProblemsOfOneSetting(t *testing.T) {
	t.Parallel()

	const long = "0123456789abcdef0123456789abcdef"
	for name, c := range map[string]struct{ good, bad []string }{
		"LATCHKEY_LISTEN": {
			good: []string{":8080", "0.0.0.0:80", "[::1]:8080", "localhost:0"},
			bad:  []string{"", "localhost", "127.0.0.1:", "1:2:3", "http://localhost:8080"},
		},
		"LATCHKEY_PUBLIC_URL": {
			good: []string{"", "https://accounts.example.com", "http://localhost:8080", "https://accounts.example.com/"},
			bad: []string{
				"https://", "ftp://example.com", "//example.com", "https://example.com/path", "https://example.com?a=b",
				"https://example.com#a", "https://user@example.com", "https://exa mple.com", "javascript:alert(1)",
				// Not as browsers spell it, and with cookies that are not Secure.
				"HTTPS://accounts.example.com", "https://Accounts.example.com", "https://accounts.example.com:443", "https://example.com//",
			},
		},
		"LATCHKEY_DATABASE_URL": {
			good: []string{
				"", "postgres://localhost/latchkey", "postgresql://u:p@[::1]:5432/x?sslmode=disable",
				"postgres://u:p@one:5432,two:5432/x?target_session_attrs=read-write&pool_max_conns=5",
			},
			bad: []string{"localhost", "host=localhost dbname=x", "http://localhost/x", "postgres://u:p@[::1/x", "postgres://localhost/x?pool_max_conns=0"},
		},
		"LATCHKEY_DATABASE_MAX_CONNS": {good: []string{"0", "2", "1000"}, bad: []string{"", "1", "-2", "1001", "many"}},
		"LATCHKEY_DATABASE_WAIT":      {good: []string{"0s", "5s", "1h"}, bad: []string{"", "-1s", "61m"}},
		"LATCHKEY_SHUTDOWN_TIMEOUT":   {good: []string{"1s", "15s", "10m"}, bad: []string{"", "0s", "999ms", "11m"}},
		"LATCHKEY_FORMER_ISSUERS": {
			good: []string{"", "https://old.example.com", "https://old.example.com/,http://localhost:8080"},
			bad:  []string{"old.example.com", "https://old.example.com,", "https://old.example.com,https://old.example.com", "https://old.example.com/path"},
		},
		"LATCHKEY_MASTER_SECRET": {
			good: []string{"", long},
			bad:  []string{"x", long[1:]},
		},
		"LATCHKEY_SIGN_UP_PHONE": {
			good: []string{"verified", "required", "optional", "off"},
			bad:  []string{"", "OFF", "on", "verified "},
		},
		"LATCHKEY_COOKIE_SAMESITE": {good: []string{"lax"}, bad: []string{"", "none", "None", "strict", "Lax", "lax "}},
		"LATCHKEY_TRUSTED_PROXIES": {
			good: []string{
				"", "10.1.2.3", "10.0.0.0/8, 192.168.1.1", "fd00::/8", "2001:db8::1", "::1/128", "127.0.0.1/32", "::ffff:10.1.2.3",
			},
			bad: []string{
				"*", "all", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.1/8", "0.0.0.0/0", "::/0", "10.0.0.0/-1", "10.0.0.0/", "/8",
				"fe80::1%eth0", "fe80::%eth0/64", "[::1]", "10.1.2.3:80", "10.1.2.3,", "10.1.2.3,10.1.2.3", "10.0.0.0/8;10.1.2.3",
				"::ffff:10.0.0.0/104", "010.1.2.3",
			},
		},
		"LATCHKEY_ROLES": {
			good: []string{"a", "trainee", "read-only,read_write,r2"},
			bad: []string{
				"", ",", "Admin", "trainee,admin", "trainee,trainee", "2nd", "with blank", "é", strings.Repeat("r", 33), "a;b", "-a",
			},
		},
		"LATCHKEY_PHONE_REGION":  {good: []string{"KR", "US"}, bad: []string{"", "kr", "82", "ZZ"}},
		"LATCHKEY_SMS_COUNTRIES": {good: []string{"", "KR", "KR,US , DE"}, bad: []string{"KR;US", "kr"}},
		"LATCHKEY_PASSWORD_HASH": {good: []string{"argon2id", "bcrypt"}, bad: []string{"", "argon2i", "Bcrypt"}},
		"LATCHKEY_BCRYPT_COST":   {good: []string{"10", "14", " 12 "}, bad: []string{"15", "-10", "", "1e1"}},
		"LATCHKEY_CODE_TTL":      {good: []string{"1s", "1m", "10m", "90s"}, bad: []string{"10m1s", "0s", "", "10"}},
		"LATCHKEY_TOKEN_ALGORITHM": {
			good: []string{"ES256", "EdDSA", "RS256"},
			bad:  []string{"", "none", "es256", "Ed25519", "PS256", "HS256", "ES256,RS256"},
		},
		"LATCHKEY_KEY_MAX_AGE": {good: []string{"24h", "2160h", "17520h"}, bad: []string{"0s", "23h59m59s", "17521h", "90d", ""}},
		"LATCHKEY_PROOF_TTL":   {good: []string{"1s", "1m", "1h"}, bad: []string{"1h1s", "0s"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, value := range c.good {
				if found := parse(t, []string{name + "=" + value}).problems(); len(found) > 0 {
					t.Errorf("%q: %q", value, found)
				}
			}
			for _, value := range c.bad {
				if len(parse(t, []string{name + "=" + value}).about(name)) == 0 {
					t.Errorf("%q is no problem", value)
				}
			}
		})
	}
}

func TestOneContactHasToBeVerified(t *testing.T) {
	t.Parallel()

	for _, email := range []string{"verified", "required", "optional", "off"} {
		for _, phone := range []string{"verified", "required", "optional", "off"} {
			found := parse(t, []string{"LATCHKEY_SIGN_UP_EMAIL=" + email, "LATCHKEY_SIGN_UP_PHONE=" + phone}).problems()
			want := email != "verified" && phone != "verified"
			if got := len(found) > 0; got != want {
				t.Errorf("e-mail %s and phone %s: %q", email, phone, found)
			}
		}
	}
}

func TestSE08_SessionsOfPeopleAtWorkGoOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		access, idle, end string
		bad               bool
	}{
		"as it comes":                       {"24h", "168h", "720h", false},
		"short":                             {"5m", "1h", "12h", false},
		"renewed too late":                  {"24h", "1h", "720h", true},
		"renewed in the very second":        {"1h", "1h", "720h", true},
		"never prolonged, by the setting":   {"24h", "12h", "12h", false},
		"never prolonged, by a shorter end": {"24h", "12h", "1h", false},
	} {
		found := parse(t, []string{
			"LATCHKEY_ACCESS_TOKEN_TTL=" + c.access, "LATCHKEY_REFRESH_TOKEN_TTL=" + c.idle, "LATCHKEY_SESSION_MAX_AGE=" + c.end,
		}).problems()
		if bad := len(found) > 0; bad != c.bad {
			t.Errorf("%s: %q", name, found)
		}
	}
}
