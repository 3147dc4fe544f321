package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestCurlSession does what the README shows, against the built binary, with JSON as curl sends it.
func TestCurlSession(t *testing.T) {
	t.Parallel()
	d := startDev(t, usedDataDir(t))

	settings := d.call("AuthService/GetSettings", `{}`)
	if policy, _ := settings["passwordPolicy"].(map[string]any); policy["name"] != "classic" {
		t.Errorf("the settings are %v", settings)
	}
	if free := d.call("AuthService/CheckAvailability", `{"email":"ada@example.com"}`); free["available"] != true {
		t.Errorf("the address is not free: %v", free)
	}
	sent := d.call("AuthService/SendCode", `{"purpose":"PURPOSE_SIGN_UP","email":"ada@example.com"}`)
	code := d.codeFor("ada@example.com")
	d.call("AuthService/VerifyCode", fmt.Sprintf(`{"verificationId":%q,"code":%q}`, sent["verificationId"], code))
	signedUp := d.call("AuthService/SignUp", fmt.Sprintf(`{"email":"ada@example.com","name":"Ada Lovelace","nickname":"ada",
		"password":"Correct-horse1","role":"trainee","verificationIds":[%q]}`, sent["verificationId"]))
	tokens, _ := signedUp["tokens"].(map[string]any)

	profile := d.call("AccountService/GetProfile", `{}`, "Authorization", fmt.Sprintf("Bearer %s", tokens["accessToken"]))
	if user, _ := profile["user"].(map[string]any); user["email"] != "ada@example.com" || user["emailVerified"] != true {
		t.Errorf("the profile is %v", profile)
	}
	signedIn := d.call("AuthService/SignIn", `{"email":"ada@example.com","password":"Correct-horse1"}`)
	if tokens, _ := signedIn["tokens"].(map[string]any); tokens["accessToken"] == "" || tokens["refreshToken"] == "" {
		t.Errorf("signing in gives %v", signedIn)
	}
	if taken := d.call("AuthService/CheckAvailability", `{"email":"ADA@Example.com"}`); taken["available"] != false {
		t.Errorf("the address is still free: %v", taken)
	}
}

var readmeSession = regexp.MustCompile("(?s)<!-- session:.*?-->\n```sh\n(.*?)```")

// TestReadmeSession runs the very lines of the README in a shell.
func TestReadmeSession(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not on this machine; TestCurlSession sends the same calls")
	}
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := readmeSession.FindSubmatch(readme)
	if found == nil {
		t.Fatal("the README's session is not marked")
	}
	d := startDev(t, usedDataDir(t))
	shell := exec.Command("sh", "-eu")
	shell.Stdin = strings.NewReader(strings.ReplaceAll(string(found[1]), "http://localhost:8080", d.url))
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("the session fails: %v\n%s", err, out)
	}

	answers := strings.Split(strings.TrimSpace(string(out)), "\n")
	wanted := []string{`"passwordPolicy"`, `"available":true`, `"expiresAt"`, `"nickname":"ada"`, `"accessToken"`}
	if len(answers) != len(wanted) {
		t.Fatalf("the session prints %d answers, want %d:\n%s", len(answers), len(wanted), out)
	}
	for i, answer := range answers {
		// protojson varies the blanks on purpose.
		if !strings.Contains(strings.ReplaceAll(answer, " ", ""), wanted[i]) {
			t.Errorf("answer %d has no %s: %s", i+1, wanted[i], answer)
		}
	}
}

var (
	codeBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
	remark    = regexp.MustCompile(`(?m)^#.*$|  #.*$`)
)

// TestReadmes_ShowTheSameCommands holds the Korean README to the other one, whose commands a test runs.
func TestReadmes_ShowTheSameCommands(t *testing.T) {
	t.Parallel()
	commands := func(name string) []string {
		readme, err := os.ReadFile("../../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, block := range codeBlock.FindAllSubmatch(readme, -1) {
			for line := range strings.Lines(remark.ReplaceAllString(string(block[1]), "")) {
				if line = strings.TrimSpace(line); line != "" {
					all = append(all, line)
				}
			}
		}
		return all
	}
	english := commands("README.md")
	if len(english) < 15 {
		t.Fatalf("the README shows %d lines of commands", len(english))
	}
	if diff := cmp.Diff(english, commands("README.ko.md")); diff != "" {
		t.Errorf("the Korean README shows other commands (-README.md +README.ko.md):\n%s", diff)
	}
}

// call posts JSON and returns the response, which must be a success.
func (d *dev) call(method, body string, header ...string) map[string]any {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+"/latchkey.v1."+method, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		d.t.Fatalf("%s answers %s: %s", method, response.Status, data)
	}
	var answer map[string]any
	if err := json.Unmarshal(data, &answer); err != nil {
		d.t.Fatalf("%s answers %s: %v", method, data, err)
	}
	return answer
}

// codeFor waits for a message in the outbox and returns its code.
func (d *dev) codeFor(to string) string {
	d.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		var messages []struct{ Channel, To, Subject, Text, Code, ID string }
		response := d.get("/dev/outbox?to="+to, "Accept", "application/json")
		if err := json.NewDecoder(response.Body).Decode(&messages); err != nil {
			d.t.Fatal(err)
		}
		if len(messages) > 0 {
			m := messages[0]
			if m.To != to || m.Channel != "email" || m.ID == "" || !strings.Contains(m.Text, m.Code) {
				d.t.Errorf("the message is %+v", m)
			}
			return m.Code
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("nothing arrives for %s:\n%s", to, d.output)
		}
		await(10 * time.Millisecond)
	}
}

// await is for what can only be asked for over HTTP, where nothing announces a change.
func await(d time.Duration) { <-time.After(d) }
