package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// listedKey is a key as `latchkey keys list --json` prints it.
type listedKey struct {
	Kid, Algorithm, State           string
	CreatedAt, SignsFrom, RemovedAt time.Time
}

// keys runs `latchkey keys list --json`.
func keys(t *testing.T, environment []string, arguments ...string) []listedKey {
	t.Helper()
	stdout, stderr, code := output(t, environment, append([]string{"keys", "list", "--json"}, arguments...)...)
	var list []listedKey
	if err := json.Unmarshal([]byte(stdout), &list); err != nil || code != 0 || stderr != "" {
		t.Fatalf("latchkey keys list ends with %d, %v: %s%s", code, err, stdout, stderr)
	}
	return list
}

// environment is what an operator needs beside a running server.
func (d *dev) environment() []string {
	d.t.Helper()
	password, err := os.ReadFile(filepath.Join(d.data(), "postgres", "password"))
	if err != nil {
		d.t.Fatal(err)
	}
	return []string{
		fmt.Sprintf("LATCHKEY_DATABASE_URL=postgres://latchkey:%s@127.0.0.1:%s/latchkey?sslmode=disable", strings.TrimSpace(string(password)), d.postgresPort()),
		"LATCHKEY_MASTER_SECRET_FILE=" + filepath.Join(d.data(), "master-secret"),
	}
}

// signIn returns an access token.
func (d *dev) signIn(email string) string {
	d.t.Helper()
	answer := d.call("AuthService/SignIn", fmt.Sprintf(`{"email":%q,"password":"Correct-horse1"}`, email))
	tokens, _ := answer["tokens"].(map[string]any)
	access, _ := tokens["accessToken"].(string)
	return access
}

func TestJW09_KeysAreRotatedBesideARunningServer(t *testing.T) {
	t.Parallel()
	d := startDev(t, usedDataDir(t))
	d.signUp("ada@example.com")
	access := d.signIn("ada@example.com")
	env := d.environment()

	before := keys(t, env)
	if len(before) != 1 || before[0].State != "signing" || before[0].Algorithm != "ES256" || !before[0].RemovedAt.IsZero() {
		t.Fatalf("the keys are %+v", before)
	}
	stdout, stderr, code := output(t, env, "keys", "rotate", "--token-algorithm", "EdDSA")
	after := keys(t, env)
	if code != 0 || len(after) != 2 || after[0].Kid != before[0].Kid || after[0].State != "signing" ||
		after[1].State != "next" || after[1].Algorithm != "EdDSA" || after[0].RemovedAt.IsZero() {
		t.Fatalf("it ends with %d, and the keys are %+v: %s", code, after, stderr)
	}
	for _, wanted := range []string{after[1].Kid, "EdDSA", after[1].SignsFrom.Format(time.RFC3339), "All users stay signed in"} {
		if !strings.Contains(stdout, wanted) {
			t.Errorf("it does not tell %q: %s", wanted, stdout)
		}
	}
	if again, _, _ := output(t, env, "keys", "rotate", "--token-algorithm", "EdDSA"); !strings.Contains(again, "Nothing was changed") ||
		!strings.Contains(again, after[1].Kid) {
		t.Errorf("a second time, it tells %s", again)
	}
	table, _, _ := output(t, env, "keys", "list")
	if !hasLine(table, []string{"KEY", "ALGORITHM", "STATE", "SIGNS FROM"}) || !hasLine(table, []string{after[0].Kid, "ES256", "signing"}) ||
		!hasLine(table, []string{after[1].Kid, "EdDSA", "next"}) {
		t.Errorf("the table is\n%s", table)
	}
	d.call("AccountService/GetProfile", `{}`, "Authorization", "Bearer "+access)

	// A leak: the running server follows by itself.
	stdout, stderr, code = output(t, env, "keys", "rotate", "--compromised")
	replaced := keys(t, env)
	if code != 0 || len(replaced) != 1 || replaced[0].State != "signing" || replaced[0].Kid == after[1].Kid {
		t.Fatalf("it ends with %d, and the keys are %+v: %s", code, replaced, stderr)
	}
	if !strings.Contains(stdout, replaced[0].Kid) || !strings.Contains(stdout, "all users must") {
		t.Errorf("it tells %s", stdout)
	}
	d.awaitRefusal(access)
	if again := d.signIn("ada@example.com"); again == "" {
		t.Error("nobody can sign in any more")
	}
	if set := body(t, d.get("/.well-known/jwks.json")); !strings.Contains(set, replaced[0].Kid) || strings.Contains(set, before[0].Kid) {
		t.Errorf("the key set is %s", set)
	}
}

// awaitRefusal waits until the server has reloaded its keys, and refuses a token of an old one.
func (d *dev) awaitRefusal(access string) {
	d.t.Helper()
	deadline := time.Now().Add(startLimit)
	for {
		request, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+"/latchkey.v1.AccountService/GetProfile", strings.NewReader("{}"))
		if err != nil {
			d.t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+access)
		response, err := (&http.Client{Timeout: time.Minute}).Do(request)
		if err != nil {
			d.t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusUnauthorized {
			return
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("a token of a removed key is still answered with %s", response.Status)
		}
		await(100 * time.Millisecond)
	}
}

func TestKeys_FindsTheDataOfDevThatIsNotRunning(t *testing.T) {
	t.Parallel()
	data := usedDataDir(t)
	d := startDev(t, data)
	_, stderr, code := output(t, nil, "keys", "list", "--data-dir", data)
	if code == 0 || !strings.Contains(stderr, "LATCHKEY_DATABASE_URL") || !strings.Contains(stderr, fmt.Sprint(d.cmd.Process.Pid)) {
		t.Errorf("while it runs, it ends with %d: %s", code, stderr)
	}
	if err := d.interrupt(); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, code := output(t, nil, "keys", "rotate", "--data-dir", data); code != 0 {
		t.Fatalf("it ends with %d: %s%s", code, stdout, stderr)
	}
	if list := keys(t, nil, "--data-dir", data); len(list) != 2 || list[0].State != "signing" || list[1].State != "next" {
		t.Errorf("the keys are %+v", list)
	}
}

func TestKeys_ErrNothingIsMadeUp(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(dataDir(t), "nowhere")
	empty := dataDir(t)
	for name, c := range map[string]struct {
		environment, arguments []string
		wanted                 string
	}{
		"no database":     {nil, []string{"keys", "list", "--data-dir", missing}, "LATCHKEY_DATABASE_URL"},
		"an empty folder": {nil, []string{"keys", "list", "--data-dir", empty}, "LATCHKEY_DATABASE_URL"},
		"no secret": {
			[]string{"LATCHKEY_DATABASE_URL=postgres://nobody@127.0.0.1:1/x"},
			[]string{"keys", "rotate", "--data-dir", empty},
			"LATCHKEY_MASTER_SECRET",
		},
		"a wrong setting":           {[]string{"LATCHKEY_TOKEN_ALGORITHM=none"}, []string{"keys", "rotate", "--data-dir", missing}, "LATCHKEY_TOKEN_ALGORITHM"},
		"a flag by the environment": {[]string{"LATCHKEY_COMPROMISED=true"}, []string{"keys", "rotate", "--data-dir", missing}, "LATCHKEY_COMPROMISED"},
	} {
		_, stderr, code := output(t, c.environment, c.arguments...)
		if code != 1 || !strings.Contains(stderr, c.wanted) {
			t.Errorf("with %s, it ends with %d: %s", name, code, stderr)
		}
	}
	for _, dir := range []string{missing, empty} {
		if found, _ := filepath.Glob(filepath.Join(dir, "*")); len(found) != 0 {
			t.Errorf("it has made %v", found)
		}
	}
}
