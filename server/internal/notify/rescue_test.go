package notify_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// victimVariable makes this test program a server that takes a job and is then killed.
const victimVariable = "LATCHKEY_TEST_VICTIM"

func TestMain(m *testing.M) {
	if url := os.Getenv(victimVariable); url != "" {
		victim(url)
		return
	}
	os.Exit(m.Run())
}

// victim runs jobs with a sender that never returns, and reports when it has begun.
func victim(url string) {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: db.URL(url)})
	if err != nil {
		panic(err)
	}
	verifications := verification.New(d, codes(&testing.T{}))
	hang := provider(func(context.Context, notify.Message) error {
		fmt.Println("taken")
		select {}
	})
	set := jobs.NewSet()
	notify.Add(set, notify.Deps{
		DB: d, Mail: hang, SMS: hang, Codes: verifications, Clock: d.Clock,
	})
	client, err := jobs.New(d, set, slog.New(slog.DiscardHandler))
	if err != nil {
		panic(err)
	}
	if err := client.Start(ctx); err != nil {
		panic(err)
	}
	fmt.Println("ready")
	select {}
}

// A server that is killed while it sends a code leaves the job behind, and its leadership of the queue too. Another one sends
// the same code within a minute. Nothing is shortened here: the clocks and the settings are the real ones.
func TestOT08_TheJobOfAKilledServerRunsAgainWithinAMinute(t *testing.T) {
	t.Parallel()

	if testing.Short() {
		t.Skip("it takes most of a minute")
	}
	url := dbtest.URL(t)
	d, err := db.Open(t.Context(), db.Config{URL: db.URL(url)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	b := &bundle{
		t: t, clock: dbtest.NewClock(), db: d, log: &lockedBuffer{}, tried: make(chan notify.Message, 10),
		sends: notify.NewSends(d), verifications: verification.New(d, codes(t)),
	}

	first, said := startVictim(t, url)
	hears(t, said, "ready")
	// The queue is only filled here until the first server was killed.
	set := jobs.NewSet()
	notify.Add(set, notify.Deps{Clock: d.Clock})
	filler, err := jobs.New(d, set, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	b.queue = notify.New(filler, ratelimit.New(d, ratelimit.Config{}))
	id := b.ask(notify.SMS, phone)
	hears(t, said, "taken")
	kill(t, first)
	killed := time.Now()

	b.startAt(d.Clock, func(context.Context, notify.Message) error { return nil })
	timeout := time.NewTimer(time.Minute)
	defer timeout.Stop()
	select {
	case m := <-b.tried:
		if m.ID != id {
			t.Errorf("another message was sent: %v", m.ID)
		}
		t.Logf("it was sent %v after the first server was killed", time.Since(killed).Round(time.Second))
	case <-timeout.C:
		t.Fatal("it was not sent within a minute")
	}
	if send := b.awaitSend(id, notify.SendTaken); send.Tries != 2 {
		t.Errorf("it is noted as %+v", send)
	}
}

// A server may be killed at the worst moment twice. The provider may have the code twice by then, and gets it no third time.
func TestRL06_ACodeWhoseServersWereKilledTwiceGoesOutNoMore(t *testing.T) {
	t.Parallel()

	url := dbtest.URL(t)
	d, err := db.Open(t.Context(), db.Config{URL: db.URL(url)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	b := &bundle{
		t: t, clock: dbtest.NewClock(), db: d, log: &lockedBuffer{}, tried: make(chan notify.Message, 10),
		sends: notify.NewSends(d), verifications: verification.New(d, codes(t)),
	}
	set := jobs.NewSet()
	notify.Add(set, notify.Deps{Clock: d.Clock})
	filler, err := jobs.New(d, set, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	b.queue = notify.New(filler, ratelimit.New(d, ratelimit.Config{}))
	id := b.ask(notify.SMS, phone)
	for range 2 {
		// The job is queued already: the server may fetch it before it reports that it is ready.
		server, said := startVictim(t, url)
		hears(t, said, "taken")
		kill(t, server)
		// As the queue does by itself with a job whose server is gone, within the minute.
		b.exec("UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state = 'running'")
	}
	b.startAt(d.Clock, func(context.Context, notify.Message) error { return nil })
	send := b.awaitSend(id, notify.SendUnknown)
	b.awaitJob(id, "cancelled")
	if len(b.tried) != 0 || send.Tries != 2 || send.LastError != "outcome unknown" {
		t.Errorf("it went out %d times more, noted is %+v", len(b.tried), send)
	}
	if left := b.left(phone); left != 4 {
		t.Errorf("%d sends are left, want 4: one was used", left)
	}
}

// startVictim runs a server that hangs while it sends.
func startVictim(t *testing.T, url string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	server := exec.CommandContext(t.Context(), os.Args[0])
	server.Env = append(os.Environ(), victimVariable+"="+url)
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	return server, bufio.NewScanner(out)
}

func kill(t *testing.T, server *exec.Cmd) {
	t.Helper()
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
}

func hears(t *testing.T, said *bufio.Scanner, want string) {
	t.Helper()
	for said.Scan() {
		if said.Text() == want {
			return
		}
	}
	t.Fatalf("the first server never says %q: %v", want, said.Err())
}
