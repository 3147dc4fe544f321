//go:build linux || darwin

package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// A deployment stops servers while a call is slow and messages wait for a slow provider. Each message reaches the provider once.
func TestStop_NoMessageIsSentTwice(t *testing.T) {
	t.Parallel()
	const messages = 60
	provider := newSlowProvider(t, 4*time.Second)
	database, data := dbtest.URL(t), dataDir(t)
	environment := []string{
		"LATCHKEY_SMS_PROVIDER=http", "LATCHKEY_SMS_HTTP_URL=" + provider.url, "LATCHKEY_SMS_FROM=0212345678",
		"LATCHKEY_RATE_LIMITS=off", "LATCHKEY_SHUTDOWN_TIMEOUT=10s",
	}
	first := launchDev(t, data, environment, "--database-url", database)
	first.awaitStart()
	for n := range messages {
		first.call("AuthService/SendCode", fmt.Sprintf(`{"purpose":"PURPOSE_SIGN_UP","phone":"010-1234-%04d"}`, n))
	}
	provider.awaitRequests(10) // as many as are sent at once
	first.sendsHalfACall()

	first.endsInTime(first.terminates(1)) // since the slow call is cut off
	provider.hurry()
	second := launchDev(t, data, environment, "--database-url", database)
	second.awaitStart()
	awaitNoJobs(t, database)

	sent := provider.sent()
	if len(sent) != messages {
		t.Errorf("%d of %d people got a message", len(sent), messages)
	}
	for to, n := range sent {
		if n != 1 {
			t.Errorf("%s got it %d times", to, n)
		}
	}
	second.terminates(0)
}

// A database that hangs keeps no server from ending: neither its idle connections, nor calls that wait for it, nor jobs.
func TestStop_WithAHungDatabase(t *testing.T) {
	t.Parallel()
	proxy, database := dbtest.Before(t, dbtest.URL(t))
	d := launchDev(t, dataDir(t), []string{"LATCHKEY_SHUTDOWN_TIMEOUT=3s"}, "--database-url", database)
	d.awaitStart()
	d.signUp("ada@example.com")
	proxy.Swallow(dbtest.All)
	answers := make(chan int, 10)
	for range cap(answers) {
		go func() {
			answers <- d.status("AuthService/SignIn", `{"email":"ada@example.com","password":"Correct-horse1"}`)
		}()
	}
	// Long enough for the calls to reach the database; nothing signals that.
	await(200 * time.Millisecond)

	d.endsInTime(d.terminates(1))

	for range cap(answers) {
		if status := <-answers; status != http.StatusServiceUnavailable && status != 0 {
			t.Errorf("a call that waits for the database is answered with %d", status)
		}
	}
}

func TestStop_ASecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			d := launchDev(t, dataDir(t), nil, "--database-url", dbtest.URL(t))
			d.awaitStart()
			d.sendsHalfACall()
			d.signal(signal)
			d.awaitClosed()

			began := time.Now()
			d.signal(signal)
			_ = d.awaitEnd()

			status, _ := d.cmd.ProcessState.Sys().(syscall.WaitStatus)
			if took := time.Since(began); took > endTolerance || !status.Signaled() || status.Signal() != signal {
				t.Errorf("after the second signal it ends with %v in %v:\n%s", d.err, took, d.output)
			}
		})
	}
}

// A slow call leaves the embedded Postgres enough of the time to shut down.
func TestStop_WithASlowCallAndAnEmbeddedPostgres(t *testing.T) {
	t.Parallel()
	data := usedDataDir(t)
	const rounds = 4
	for round := 1; ; round++ {
		d := launchDev(t, data, []string{"LATCHKEY_SHUTDOWN_TIMEOUT=5s"})
		d.awaitStart()
		if round == 1 {
			d.signUp("ada@example.com")
		}
		d.sendsHalfACall()

		d.endsInTime(d.terminates(1)) // since the call is cut off

		d.hasStoppedPostgres()
		text := d.output.String()
		if !strings.Contains(text, "cut off") {
			t.Errorf("it does not tell of the call:\n%s", text)
		}
		if !strings.Contains(text, "before it had shut down") {
			break
		}
		// The time left for Postgres is a second. On a busy machine that can be too short.
		if round == rounds {
			t.Fatalf("%d times, Postgres had too little time:\n%s", rounds, text)
		}
	}
	again := startDev(t, data)
	again.call("AuthService/SignIn", `{"email":"ada@example.com","password":"Correct-horse1"}`)
}

// Without its database, an embedded server can do nothing any more.
func TestStop_WhenTheEmbeddedPostgresEnds(t *testing.T) {
	t.Parallel()
	data := usedDataDir(t)
	d := launchDev(t, data, []string{"LATCHKEY_SHUTDOWN_TIMEOUT=3s"})
	d.awaitStart()
	file, err := os.ReadFile(filepath.Join(data, "postgres", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var postmaster int
	if _, err := fmt.Sscan(string(file), &postmaster); err != nil {
		t.Fatal(err)
	}

	if err := syscall.Kill(postmaster, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}

	d.failsWith("Postgres has ended by itself")
}

func TestStop_NotByAHangup(t *testing.T) {
	t.Parallel()
	d := launchDev(t, dataDir(t), nil, "--database-url", dbtest.URL(t))
	d.awaitStart()

	d.signal(syscall.SIGHUP)
	d.awaitLineWith("SIGHUP")

	d.signUp("ada@example.com")
	d.terminates(0)
}

// endTolerance is how long a program may take to end beyond its limit, on a busy machine. One that waits for a call, a statement
// or a message takes longer: each of them has 15 seconds or more.
const endTolerance = 12 * time.Second

// endsInTime fails the test if a shutdown took longer than its limit, which is 3 to 10 seconds in these tests.
func (d *dev) endsInTime(took time.Duration) {
	d.t.Helper()
	if took > 10*time.Second+endTolerance {
		d.t.Errorf("it ends after %v:\n%s", took, d.output)
	}
}

func (d *dev) signal(s syscall.Signal) {
	d.t.Helper()
	if err := d.cmd.Process.Signal(s); err != nil {
		d.t.Fatal(err)
	}
}

func (d *dev) address() string { return strings.TrimPrefix(d.url, "http://") }

// sendsHalfACall begins a call whose body never comes to an end, and waits until the server reads it.
func (d *dev) sendsHalfACall() {
	d.t.Helper()
	conn, err := net.Dial("tcp", d.address())
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = conn.Close() })
	// Asked to, the server says when it begins to read the body (RFC 9110 section 10.1.1).
	head := "POST /latchkey.v1.AuthService/SignIn HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"
	if _, err := fmt.Fprintf(conn, head, d.address()); err != nil {
		d.t.Fatal(err)
	}
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100 ") {
		d.t.Fatalf("the server does not go on with the call: %q, %v", line, err)
	}
	if _, err := fmt.Fprint(conn, "{"); err != nil {
		d.t.Fatal(err)
	}
}

// awaitClosed waits until it takes no new connections.
func (d *dev) awaitClosed() {
	d.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		conn, err := net.Dial("tcp", d.address())
		if err != nil {
			return
		}
		_ = conn.Close()
		if time.Now().After(deadline) {
			d.t.Fatalf("it still takes connections:\n%s", d.output)
		}
		await(5 * time.Millisecond)
	}
}

// status calls and returns the answer's status, or 0 when there is no answer.
func (d *dev) status(method, body string) int {
	response, err := (&http.Client{Timeout: time.Minute}).Post(d.url+"/latchkey.v1."+method, "application/json", strings.NewReader(body))
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func awaitNoJobs(t *testing.T, database string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for deadline := time.Now().Add(time.Minute); ; await(20 * time.Millisecond) {
		var open int
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE kind LIKE 'send%' AND finalized_at IS NULL").Scan(&open); err != nil {
			t.Fatal(err)
		}
		if open == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d messages are still queued", open)
		}
	}
}

// slowProvider takes text messages, and takes its time to say so.
type slowProvider struct {
	t   *testing.T
	url string

	mu       sync.Mutex
	answers  time.Duration
	received map[string]int
	total    int
}

func newSlowProvider(t *testing.T, answers time.Duration) *slowProvider {
	p := &slowProvider{t: t, answers: answers, received: map[string]int{}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// ServeHTTP takes one message.
func (p *slowProvider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var message struct{ To string }
	if err := json.NewDecoder(r.Body).Decode(&message); err != nil || message.To == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	p.received[message.To]++
	p.total++
	answers := p.answers
	p.mu.Unlock()
	// Not interrupted when the caller disconnects: the message is accepted.
	<-time.After(answers)
}

func (p *slowProvider) hurry() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers = 0
}

func (p *slowProvider) sent() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.received)
}

func (p *slowProvider) awaitRequests(n int) {
	p.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; await(5 * time.Millisecond) {
		p.mu.Lock()
		total := p.total
		p.mu.Unlock()
		if total >= n {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("the provider was asked %d times: %v", total, slices.Collect(maps.Keys(p.sent())))
		}
	}
}
