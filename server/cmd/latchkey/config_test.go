package main_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestConfig_PrintsOriginsAndHidesSecrets(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := output(t, []string{
		"LATCHKEY_MASTER_SECRET=0123456789012345678901234567890123456789",
		"LATCHKEY_DATABASE_URL=postgres://ada:hunter2@db.example.com/latchkey",
		"LATCHKEY_CODE_TTL=5m",
	}, "config", "--roles", "coach,athlete")
	if code != 0 || stderr != "" {
		t.Fatalf("it ends with %d: %s", code, stderr)
	}
	for _, secret := range []string{"hunter2", "0123456789"} {
		if strings.Contains(stdout, secret) {
			t.Errorf("a secret is printed:\n%s", stdout)
		}
	}
	for _, wanted := range [][]string{
		{"LATCHKEY_CODE_TTL", "5m", "environment"},
		{"LATCHKEY_ROLES", "coach,athlete", "flag"},
		{"LATCHKEY_LISTEN", "127.0.0.1:8080", "default"},
		{"LATCHKEY_DATABASE_URL", "db.example.com", "environment"},
		{"LATCHKEY_MASTER_SECRET", "[secret]", "environment"},
	} {
		if !hasLine(stdout, wanted) {
			t.Errorf("no line with %q:\n%s", wanted, stdout)
		}
	}
}

func TestDev_ErrEveryProblemAtOnce(t *testing.T) {
	t.Parallel()
	_, stderr, code := output(t, []string{
		"LATCHKEY_CODE_TTL=soon", "LATCHKEY_ROLES=admin", "LATCHKEY_PASWORD_HASH=bcrypt", "LATCHKEY_MASTER_SECRET=hunter2",
	}, "dev", "--listen", "nowhere", "--data-dir", dataDir(t))
	if code != 1 {
		t.Errorf("it ends with %d", code)
	}
	for _, wanted := range []string{
		"LATCHKEY_CODE_TTL", "LATCHKEY_ROLES", "LATCHKEY_PASWORD_HASH", "LATCHKEY_MASTER_SECRET", "LATCHKEY_LISTEN",
	} {
		if !strings.Contains(stderr, wanted) {
			t.Errorf("%s is not named:\n%s", wanted, stderr)
		}
	}
	if strings.Contains(stderr, "hunter2") {
		t.Errorf("a secret is printed:\n%s", stderr)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	stdout, _, code := output(t, nil, "version")
	if code != 0 || !strings.HasPrefix(stdout, "latchkey ") {
		t.Errorf("it ends with %d: %s", code, stdout)
	}
}

func TestErrUnknownCommand(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := output(t, nil, "serfe")
	if code == 0 || !strings.Contains(stdout+stderr, "serfe") {
		t.Errorf("it ends with %d: %s%s", code, stdout, stderr)
	}
}

func hasLine(text string, parts []string) bool {
	for line := range strings.Lines(text) {
		all := true
		for _, part := range parts {
			all = all && strings.Contains(line, part)
		}
		if all {
			return true
		}
	}
	return false
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
