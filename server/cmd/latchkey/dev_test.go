package main_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db/dbtest"
)

func TestDev_FindsItsDataAgain(t *testing.T) {
	t.Parallel()
	data := dataDir(t)

	first := startDev(t, data)
	first.signUp("ada@example.com")
	if err := first.interrupt(); err != nil {
		t.Fatalf("Ctrl-C ends it with %v:\n%s", err, first.output)
	}
	first.hasStoppedPostgres()

	again := startDev(t, data)
	again.call("AuthService/SignIn", `{"email":"ada@example.com","password":"Correct-horse1"}`)
	// What else the machine does is not the program's fault: one start in three has to be in time.
	const limit = 5 * time.Second
	took := again.took
	for range 2 {
		if took <= limit {
			break
		}
		if err := again.interrupt(); err != nil {
			t.Fatalf("Ctrl-C ends it with %v:\n%s", err, again.output)
		}
		again = startDev(t, data)
		took = min(took, again.took)
	}
	if took > limit {
		t.Errorf("the quickest of three starts on an existing data directory took %v, want less than %v", took, limit)
	}
	t.Logf("a start on an existing data directory took %v", took)
}

func TestDev_SurvivesKill9(t *testing.T) {
	t.Parallel()
	data := usedDataDir(t)

	first := startDev(t, data)
	first.signUp("ada@example.com")
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.awaitEnd()

	// At once, while the first one's Postgres may still be writing everything down.
	second := startDev(t, data)
	second.call("AuthService/SignIn", `{"email":"ada@example.com","password":"Correct-horse1"}`)
}

func TestDev_RunsBesideAnother(t *testing.T) {
	t.Parallel()
	one, two := startDev(t, usedDataDir(t)), startDev(t, usedDataDir(t))
	one.signUp("ada@example.com")
	two.signUp("ada@example.com")
}

func TestDev_TakesAnotherDatabase(t *testing.T) {
	t.Parallel()
	lender := startDev(t, usedDataDir(t))
	password, err := os.ReadFile(filepath.Join(lender.data(), "postgres", "password"))
	if err != nil {
		t.Fatal(err)
	}
	url := fmt.Sprintf("postgres://latchkey:%s@127.0.0.1:%s/latchkey?sslmode=disable", strings.TrimSpace(string(password)), lender.postgresPort())
	lender.signUp("ada@example.com")

	secret, err := os.ReadFile(filepath.Join(lender.data(), "master-secret"))
	if err != nil {
		t.Fatal(err)
	}
	borrower := startDev(t, dataDir(t), "--database-url", url, "--master-secret", strings.TrimSpace(string(secret)))
	borrower.call("AuthService/SignIn", `{"email":"ada@example.com","password":"Correct-horse1"}`)
	if strings.Contains(borrower.output.String(), strings.TrimSpace(string(password))) {
		t.Error("the database's password is printed")
	}

	// With another master secret the keys cannot be read, and that is said.
	_, stderr, code := output(t, nil, "dev", "--listen", "127.0.0.1:0", "--data-dir", dataDir(t), "--database-url", url)
	if code == 0 || !strings.Contains(stderr, "another master secret") {
		t.Errorf("with another master secret it ends with %d: %s", code, stderr)
	}
}

func TestDev_ErrSecondOnTheSameData(t *testing.T) {
	t.Parallel()
	data := usedDataDir(t)
	first := startDev(t, data)

	_, stderr, code := output(t, nil, "dev", "--listen", "127.0.0.1:0", "--data-dir", data)
	if code == 0 || !strings.Contains(stderr, data) || !strings.Contains(stderr, fmt.Sprint(first.cmd.Process.Pid)) {
		t.Errorf("a second start ends with %d and does not name the directory and the first one's number: %s", code, stderr)
	}
	first.signUp("ada@example.com")
}

func TestDev_ErrTakenPort(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()

	_, stderr, code := output(t, nil, "dev", "--listen", listener.Addr().String(), "--data-dir", dataDir(t))
	if code != 1 || !strings.Contains(stderr, "--listen") {
		t.Errorf("with a taken port it ends with %d: %s", code, stderr)
	}
}

func TestDev_PrintsWhatItDid(t *testing.T) {
	t.Parallel()
	d := startDev(t, usedDataDir(t))

	text := d.output.String()
	for _, wanted := range []string{
		d.url + "/", d.url + "/dev/outbox", "PostgreSQL", "Schema", "curl -H 'Content-Type: application/json'", "Ctrl-C",
	} {
		if !strings.Contains(text, wanted) {
			t.Errorf("it does not tell %q:\n%s", wanted, text)
		}
	}
	for path, wanted := range map[string]string{
		"/": "<title>Latchkey", "/dev/outbox": "Nothing yet", "/healthz": "ok", "/readyz": "ready",
	} {
		response := d.get(path)
		if response.StatusCode != http.StatusOK || !strings.Contains(body(t, response), wanted) {
			t.Errorf("%s answers %s without %q", path, response.Status, wanted)
		}
	}
}

// The printed address answers.
func TestDev_ListensWhereItSays(t *testing.T) {
	t.Parallel()
	own := []string{"127.0.0.1", "127.0.0.2", "0.0.0.0", "::"}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if network, ok := a.(*net.IPNet); ok && network.IP.IsGlobalUnicast() {
			own = append(own, network.IP.String())
		}
	}
	database := dbtest.URL(t)
	data := dataDir(t)
	for _, address := range own {
		l, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
		if err != nil {
			t.Logf("this machine does not listen on %s: %v", address, err)
			continue
		}
		_ = l.Close()
		d := launchDev(t, data, nil, "--database-url", database, "--listen", net.JoinHostPort(address, "0"))
		d.awaitStart()

		if text := body(t, d.get("/readyz")); !strings.Contains(text, "ready") {
			t.Errorf("on %s it says %s, which answers %q", address, d.url, text)
		}
		// Links lead there too, and a browser's page from there is its own.
		if status := d.statusFrom(d.url, "AuthService/GetSettings"); status != http.StatusOK {
			t.Errorf("on %s, a page of %s is answered with %d", address, d.url, status)
		}
		if status := d.statusFrom("http://attacker.example", "AuthService/GetSettings"); status != http.StatusForbidden {
			t.Errorf("on %s, a page of another site is answered with %d", address, status)
		}
		d.terminates(0)
	}
}

// statusFrom calls as a page of an origin does, with cookies.
func (d *dev) statusFrom(origin, method string) int {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+"/latchkey.v1."+method, strings.NewReader("{}"))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Latchkey-Session", "cookie")
	request.Header.Set("Origin", origin)
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// signUp creates an account by the calls of the README.
func (d *dev) signUp(email string) {
	d.t.Helper()
	d.signUpAs(email, "ada")
}

func (d *dev) signUpAs(email, nickname string) {
	d.t.Helper()
	sent := d.call("AuthService/SendCode", fmt.Sprintf(`{"purpose":"PURPOSE_SIGN_UP","email":%q}`, email))
	d.call("AuthService/VerifyCode", fmt.Sprintf(`{"verificationId":%q,"code":%q}`, sent["verificationId"], d.codeFor(email)))
	d.call("AuthService/SignUp", fmt.Sprintf(`{"email":%q,"name":"Ada Lovelace","nickname":%q,"password":"Correct-horse1",
		"role":"trainee","verificationIds":[%q]}`, email, nickname, sent["verificationId"]))
}

var databasePort = regexp.MustCompile(`Database  .* on port (\d+)`)

func (d *dev) postgresPort() string {
	d.t.Helper()
	found := databasePort.FindStringSubmatch(d.output.String())
	if found == nil {
		d.t.Fatalf("it does not tell Postgres' port:\n%s", d.output)
	}
	return found[1]
}

func (d *dev) hasStoppedPostgres() {
	d.t.Helper()
	conn, err := net.DialTimeout("tcp", "127.0.0.1:"+d.postgresPort(), time.Second)
	if err == nil {
		_ = conn.Close()
		d.t.Error("Postgres still runs")
	}
}

func (d *dev) data() string {
	for i, argument := range d.cmd.Args {
		if argument == "--data-dir" {
			return d.cmd.Args[i+1]
		}
	}
	return ""
}

// What the start and the end say about Postgres holds for the one that is used.
func TestDev_SaysWhatBecomesOfTheDatabase(t *testing.T) {
	t.Parallel()
	const keepsRunning = "The database keeps running."
	given := launchDev(t, dataDir(t), nil, "--database-url", dbtest.URL(t))
	given.awaitStart()
	embedded := startDev(t, usedDataDir(t))
	for _, d := range []*dev{given, embedded} {
		if err := d.interrupt(); err != nil {
			t.Fatalf("Ctrl-C ends it with %v:\n%s", err, d.output)
		}
	}

	text := given.output.String()
	if strings.Contains(text, "stops everything") || strings.Contains(text, "to disk") || strings.Count(text, keepsRunning) != 2 ||
		!strings.Contains(text, "Stopping: ") {
		t.Errorf("with a database that goes on, it says:\n%s", text)
	}
	text = embedded.output.String()
	if strings.Contains(text, keepsRunning) || !strings.Contains(text, "Ctrl-C stops everything.") || !strings.Contains(text, "shuts down") {
		t.Errorf("with an embedded Postgres, it says:\n%s", text)
	}
}
