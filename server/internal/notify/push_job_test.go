package notify_test

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// phones are devices by their names, with what the push service says of each: nil takes a notification.
type phones struct {
	mu    sync.Mutex
	says  map[uuid.UUID][]error
	shown []notify.Push
	tries map[uuid.UUID]int
}

// SendPush does what the phone's next line says.
func (p *phones) SendPush(_ context.Context, n notify.Push) (notify.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	device := uuid.MustParse(n.Token.Reveal())
	p.tries[device]++
	if lines := p.says[device]; len(lines) > 0 {
		p.says[device] = lines[1:]
		if lines[0] != nil {
			return notify.Receipt{}, lines[0]
		}
	}
	p.shown = append(p.shown, n)
	return notify.Receipt{Provider: "test", ID: "push-1"}, nil
}

func (p *phones) find(_ context.Context, device uuid.UUID) (secret.Text, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, ok := p.says[device]
	return secret.NewText(device.String()), ok, nil
}

func (p *phones) forget(_ context.Context, device uuid.UUID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.says, device)
	return nil
}

func TestMF06_WhatBecomesOfANotification(t *testing.T) {
	t.Parallel()

	// An hour behind, so that the wait before a further try is over at once.
	clock := dbtest.NewClock()
	clock.Advance(-time.Hour)
	d := dbtest.New(t, clock.Now)
	good, gone, unregistered, busy, refused, taken := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	devices := &phones{tries: map[uuid.UUID]int{}, says: map[uuid.UUID][]error{
		good:         {nil},
		taken:        {nil},
		unregistered: {notify.NewSendError("test", notify.Unregistered, "UNREGISTERED")},
		busy:         {&notify.SendError{Provider: "test", Class: notify.Busy, Code: "503", RetryAfter: time.Second}, nil},
		refused:      {notify.NewSendError("test", notify.Refused, "INVALID_ARGUMENT")},
	}}
	set := jobs.NewSet()
	notify.Add(set, notify.Deps{DB: d, Push: devices, FindToken: devices.find, ForgetDevice: devices.forget, Clock: clock.Now})
	client, err := jobs.New(d, set, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	queue, sends := notify.New(client, ratelimit.New(d, ratelimit.Config{})), notify.NewSends(d)
	for name, c := range map[string]struct {
		device uuid.UUID
		state  notify.SendState
		tries  int
		last   string
	}{
		"good":         {good, notify.SendTaken, 1, ""},
		"gone":         {gone, notify.SendDropped, 0, "gone"},
		"taken before": {taken, notify.SendTaken, 1, ""},
		"unregistered": {unregistered, notify.SendFailed, 1, "test: unregistered (UNREGISTERED)"},
		"busy":         {busy, notify.SendTaken, 2, "test: busy (503)"},
		"refused":      {refused, notify.SendFailed, 1, "test: refused (INVALID_ARGUMENT)"},
	} {
		user := "usr_" + name
		if err := d.InTx(t.Context(), func(tx db.Tx) error {
			err := queue.SendPush(t.Context(), tx, user, []uuid.UUID{c.device}, notify.Notification{
				Kind: notify.KindMessage, Title: "Hello", Body: "words", Data: map[string]string{"order": "1"},
			})
			if err == nil && c.device == taken {
				// As a process leaves it that ends between the provider's answer and the queue's.
				_, err = tx.Exec(t.Context(), "UPDATE sends SET state = 'sent', tries = 1, ended_at = now() WHERE contact = $1", user)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var found []notify.Send
		await(t, func() (string, bool) {
			if found, err = sends.Last(t.Context(), notify.Recipient{User: user}, 10); err != nil || len(found) != 1 {
				t.Fatalf("%s: %v, %v", name, found, err)
			}
			return string(found[0].State), !found[0].EndedAt.IsZero()
		})
		if s := found[0]; s.State != c.state || s.Tries != c.tries || s.LastError != c.last || s.Channel != notify.PushChannel || s.Kind != "message" {
			t.Errorf("%s: noted is %+v", name, s)
		}
	}
	awaitNoJobs(t, d)
	devices.mu.Lock()
	defer devices.mu.Unlock()
	if devices.tries[taken] != 0 {
		t.Error("what was taken before is sent again")
	}
	if _, ok := devices.says[unregistered]; ok {
		t.Error("a token that is good for nothing is kept")
	}
	if _, ok := devices.says[refused]; !ok {
		t.Error("a device is forgotten for a message that was refused")
	}
	if len(devices.shown) != 2 || !slices.ContainsFunc(devices.shown, func(n notify.Push) bool { return n.Data["order"] == "1" && n.Title == "Hello" }) {
		t.Errorf("shown are %+v", devices.shown)
	}
}

func awaitNoJobs(t *testing.T, d *db.DB) {
	t.Helper()
	await(t, func() (string, bool) {
		var open int
		if err := d.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE finalized_at IS NULL").Scan(&open); err != nil {
			t.Fatal(err)
		}
		return strconv.Itoa(open), open == 0
	})
}

// Otherwise a running job would count as abandoned, and another worker would send its message too.
func TestATryIsOverBeforeItsJobPassesForAbandoned(t *testing.T) {
	t.Parallel()

	if longest := notify.SendTimeout + 2*notify.NoteTimeout; longest >= jobs.RescueAfter {
		t.Errorf("a try takes up to %v, and is abandoned after %v", longest, jobs.RescueAfter)
	}
	// River looks for abandoned jobs every 30 seconds, and runs what it has found within five more.
	if found := jobs.RescueAfter + 35*time.Second; found > time.Minute {
		t.Errorf("the job of a killed worker waits up to %v", found)
	}
}
