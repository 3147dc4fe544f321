package notify_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// fails returns a provider that always fails in one way.
func fails(class notify.Class) provider {
	return func(context.Context, notify.Message) error { return notify.NewSendError("test", class, "50") }
}

// jobOf returns the state of the job that delivers a code.
func (b *bundle) jobOf(id uuid.UUID) (state string) {
	b.t.Helper()
	if err := b.db.QueryRow(b.t.Context(), "SELECT state::text FROM river_job WHERE args ->> 'verification' = $1", id.String()).Scan(&state); err != nil {
		b.t.Fatal(err)
	}
	return state
}

func (b *bundle) awaitJob(id uuid.UUID, want string) {
	b.t.Helper()
	await(b.t, func() (string, bool) {
		state := b.jobOf(id)
		return state, state == want
	})
}

// sendsLeft counts how many codes a contact can have, one after each wait, until it is refused. It stays within the hour.
func (b *bundle) sendsLeft(to string) int {
	b.t.Helper()
	for n := range 10 {
		b.clock.Advance(wait)
		id, err := b.tryAsk(notify.SMS, to, false, nil)
		var refusal *fault.Error
		if errors.As(err, &refusal) && refusal.Reason == latchkeyv1.Reason_REASON_TOO_MANY_SENDS {
			return n
		}
		if err != nil {
			b.t.Fatal(err)
		}
		// If a code is replaced before its first attempt, its send is returned.
		b.awaitSend(id, notify.SendTaken, notify.SendFailed)
	}
	b.t.Fatal("there is no limit")
	return 0
}

func TestARefusedMessageIsGivenUp(t *testing.T) {
	t.Parallel()

	b := setup(t, fails(notify.Refused))
	id := b.ask(notify.SMS, phone)
	send := b.awaitSend(id, notify.SendFailed)
	b.awaitJob(id, "cancelled")
	if send.Tries != 1 || send.LastError != "test: refused (50)" || send.Provider != "test" || send.EndedAt.IsZero() {
		t.Errorf("it is noted as %+v", send)
	}
	// It is the number's fault, and costs a send.
	if left := b.sendsLeft(phone); left != 4 {
		t.Errorf("%d sends are left, want 4", left)
	}
}

// Provider trouble does not use up the user's sends: wrong credentials end the job at once, and the send is given back.
func TestRL06_ASendThatTheProviderSpoiltIsGivenBack(t *testing.T) {
	t.Parallel()

	var healthy atomic.Bool
	b := setup(t, func(context.Context, notify.Message) error {
		if healthy.Load() {
			return nil
		}
		return notify.NewSendError("test", notify.Misconfigured, "401")
	})
	for range 7 {
		id := b.ask(notify.SMS, phone)
		b.awaitSend(id, notify.SendFailed)
		b.awaitJob(id, "cancelled")
		// The wait stays: trouble is no way to send more often.
		if _, err := b.tryAsk(notify.SMS, phone, false, nil); err == nil {
			t.Fatal("there is no wait after a send that was given back")
		}
		b.clock.Advance(wait)
	}
	healthy.Store(true)
	if left := b.sendsLeft(phone); left != 5 {
		t.Errorf("%d sends are left, want 5", left)
	}
	if !strings.Contains(b.log.String(), "level=ERROR") || !strings.Contains(b.log.String(), "code=401") {
		t.Errorf("no operator hears of it:\n%s", b.log)
	}
}

// If a code was replaced while the provider was in trouble, the user is not at fault.
func TestRL06_ACodeThatWasReplacedBeforeItWentOutIsGivenBack(t *testing.T) {
	t.Parallel()

	hold := make(chan struct{})
	b := setup(t, func(ctx context.Context, _ notify.Message) error {
		select {
		case <-hold:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	for n := range 10 {
		// All workers are held up, so that the next code waits.
		b.ask(notify.SMS, fmt.Sprintf("+8210000000%02d", n))
	}
	first := b.ask(notify.SMS, phone)
	b.clock.Advance(wait)
	second := b.ask(notify.SMS, phone)
	close(hold)
	if send := b.awaitSend(first, notify.SendDropped); send.Tries != 0 || send.LastError != "replaced" {
		t.Errorf("the first is noted as %+v", send)
	}
	b.awaitSend(second, notify.SendTaken)
	b.awaitJob(first, "cancelled")
	if left := b.sendsLeft(phone); left != 4 {
		t.Errorf("%d sends are left, want 4", left)
	}
}

func TestOT02_ACodeIsNeverSentAfterItsEnd(t *testing.T) {
	t.Parallel()

	var b *bundle
	b = setup(t, func(_ context.Context, m notify.Message) error {
		if m.To == ada {
			b.clock.Advance(ttl)
		}
		return notify.NewSendError("test", notify.Unreachable, "timeout")
	})
	id := b.ask(notify.Email, ada)
	send := b.awaitSend(id, notify.SendFailed, notify.SendDropped)
	b.awaitJob(id, "cancelled")
	if send.Tries != 1 || len(b.tried) != 1 {
		t.Errorf("after its end, it was tried %d times more: %+v", len(b.tried)-1, send)
	}
}

// An attempt ends when its code expires, even if the provider would take longer.
func TestOT02_ATryEndsWithItsCode(t *testing.T) {
	t.Parallel()

	left := make(chan time.Duration, 1)
	b := setup(t, func(ctx context.Context, _ notify.Message) error {
		end, _ := ctx.Deadline()
		left <- time.Until(end)
		return nil
	})
	var id uuid.UUID
	// The worker gets the code when it is valid for three more seconds.
	to := verification.Contact{Channel: verification.Phone, Value: phone}
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		past := tx
		past.Now = tx.Now.Add(3*time.Second - ttl)
		started, err := b.verifications.Start(t.Context(), past, verification.StartInput{
			Purpose: verification.SignUp, Contact: to, Locale: "en",
		})
		if err != nil {
			return err
		}
		id = started.ID
		return b.queue.SendCode(t.Context(), tx, to, id)
	}); err != nil {
		t.Fatal(err)
	}
	b.awaitSend(id, notify.SendTaken)
	if got := <-left; got > 3*time.Second {
		t.Errorf("a try may take %v", got)
	}
}

func TestAWaitThatTheProviderAsksForIsHonoured(t *testing.T) {
	t.Parallel()

	var tries atomic.Int32
	var at [2]time.Time
	b := setup(t, func(context.Context, notify.Message) error {
		n := tries.Add(1)
		if n <= 2 {
			at[n-1] = time.Now()
		}
		if n == 1 {
			failure := notify.NewSendError("test", notify.Busy, "429")
			failure.RetryAfter = 3 * time.Second
			return failure
		}
		return nil
	})
	id := b.ask(notify.SMS, phone)
	b.awaitSend(id, notify.SendTaken)
	if waited := at[1].Sub(at[0]); waited < 3*time.Second {
		t.Errorf("it was asked again after %v", waited)
	}
}

// tells queues a notice, and returns its send.
func (b *bundle) tells(kind notify.NoticeKind, states ...notify.SendState) notify.Send {
	b.t.Helper()
	if err := b.db.InTx(b.t.Context(), func(tx db.Tx) error {
		_, err := b.queue.SendNotice(b.t.Context(), tx, "ada", notify.Notice{Kind: kind, Channel: notify.SMS, To: phone, Locale: "en"})
		return err
	}); err != nil {
		b.t.Fatal(err)
	}
	return await(b.t, func() (notify.Send, bool) {
		sends, err := b.sends.Last(b.t.Context(), notify.Recipient{Phone: phone}, 1)
		if err != nil {
			b.t.Fatal(err)
		}
		return sends[0], sends[0].Kind == string(kind) && sends[0].LastError != "" && slices.Contains(states, sends[0].State)
	})
}

// A wait of hours is kept if the notice is still useful after it. Otherwise, the notice ends.
func TestAWaitOfHoursIsHonouredWithinTheLifeOfANotice(t *testing.T) {
	t.Parallel()

	var wait atomic.Int64
	b := setup(t, func(context.Context, notify.Message) error {
		failure := notify.NewSendError("test", notify.Busy, "429")
		failure.RetryAfter = time.Duration(wait.Load())
		return failure
	})
	wait.Store(int64(23 * time.Hour))
	asked := time.Now()
	send := b.tells(notify.PasswordChanged, notify.SendQueued)
	if send.LastError != "test: busy (429)" || !send.EndedAt.IsZero() {
		t.Errorf("it is noted as %+v", send)
	}
	next := await(t, func() (next time.Time, _ bool) {
		var state string
		if err := b.db.QueryRow(t.Context(), "SELECT state::text, scheduled_at FROM river_job WHERE args ->> 'send' = $1", send.ID.String()).Scan(&state, &next); err != nil {
			t.Fatal(err)
		}
		return next, state == "scheduled"
	})
	if waits := next.Sub(asked); waits < 23*time.Hour {
		t.Errorf("it is asked again after %v", waits)
	}

	wait.Store(int64(24 * time.Hour))
	b.clock.Advance(time.Second)
	if send := b.tells(notify.ContactChanged, notify.SendFailed); send.Tries != 1 || send.EndedAt.IsZero() ||
		send.LastError != "test: busy (429); asks for a wait of 24h0m0s, which is too long" {
		t.Errorf("it is noted as %+v", send)
	}

	// A code has ten minutes.
	wait.Store(int64(10 * time.Minute))
	b.clock.Advance(time.Second)
	id := b.ask(notify.SMS, phone)
	if send := b.awaitSend(id, notify.SendFailed); send.Tries != 1 || send.LastError != "test: busy (429); asks for a wait of 10m0s, which is too long" {
		t.Errorf("it is noted as %+v", send)
	}
}

// A withheld code is not sent, and its budget fares like that of a real one: used up while messages are sent, returned while the
// provider is in trouble.
func TestID08_AWithheldCodeFaresAsARealOne(t *testing.T) {
	t.Parallel()

	var trouble atomic.Bool
	b := setup(t, func(context.Context, notify.Message) error {
		if trouble.Load() {
			return notify.NewSendError("test", notify.Misconfigured, "401")
		}
		return nil
	})
	ask := func(withheld bool) uuid.UUID {
		t.Helper()
		id, err := b.tryAsk(notify.SMS, phone, withheld, nil)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	quiet := ask(true)
	if send := b.awaitSend(quiet, notify.SendDropped); send.LastError != "withheld" || send.Tries != 0 {
		t.Errorf("it is noted as %+v", send)
	}
	b.awaitJob(quiet, "cancelled")

	trouble.Store(true)
	b.awaitSend(b.ask(notify.SMS, other), notify.SendFailed)
	b.clock.Advance(wait)
	pretended := ask(true)
	b.awaitSend(pretended, notify.SendDropped)
	b.awaitJob(pretended, "cancelled")

	trouble.Store(false)
	if left := b.sendsLeft(phone); left != 4 {
		t.Errorf("%d sends are left, want 4: the first withheld code costs one, the second none", left)
	}
	for len(b.tried) > 0 {
		if m := <-b.tried; m.ID == quiet || m.ID == pretended {
			t.Errorf("a withheld code was sent: %+v", m)
		}
	}
}

// If a provider may have accepted a real code, its send counts, and the job ends after two attempts. The same must happen to a
// withheld one, at the same attempt.
func TestID08_AWithheldCodeFaresAsOneThatMayHaveBeenTaken(t *testing.T) {
	t.Parallel()

	b := setup(t, func(context.Context, notify.Message) error {
		failure := notify.NewSendError("test", notify.Unreachable, "timeout")
		failure.Ambiguous = true
		return failure
	})
	b.hurries = true
	attempts := func(id uuid.UUID) (n int) {
		t.Helper()
		if err := b.db.QueryRow(t.Context(), "SELECT attempt FROM river_job WHERE args ->> 'verification' = $1", id.String()).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	known := b.ask(notify.SMS, other)
	b.awaitSend(known, notify.SendUnknown)
	b.awaitJob(known, "cancelled")
	withheld, err := b.tryAsk(notify.SMS, phone, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	send := b.awaitSend(withheld, notify.SendDropped)
	b.awaitJob(withheld, "cancelled")
	if send.Tries != 0 || send.LastError != "withheld" {
		t.Errorf("support sees %+v", send)
	}
	if a, b := attempts(known), attempts(withheld); a != b || a != 2 {
		t.Errorf("the one is tried %d times, the other %d times", a, b)
	}
	if a, b := b.left(other), b.left(phone); a != 4 || b != 4 {
		t.Errorf("%d and %d sends are left, want 4 each", a, b)
	}
	// One that is replaced between its two tries counts too, whether it is withheld or not.
	for _, withheld := range []bool{false, true} {
		b.hurries = false
		number := map[bool]string{false: "+821000000001", true: "+821000000002"}[withheld]
		id, err := b.tryAsk(notify.SMS, number, withheld, nil)
		if err != nil {
			t.Fatal(err)
		}
		await(t, func() (int, bool) { n := attempts(id); return n, n == 1 && b.jobOf(id) != "running" })
		b.exec("UPDATE river_job SET state = 'scheduled', scheduled_at = now() + interval '1 hour' WHERE finalized_at IS NULL")
		b.clock.Advance(wait)
		if _, err := b.tryAsk(notify.SMS, number, withheld, nil); err != nil {
			t.Fatal(err)
		}
		b.exec("UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state = 'scheduled'")
		b.awaitSend(id, map[bool]notify.SendState{false: notify.SendUnknown, true: notify.SendDropped}[withheld])
		b.awaitJob(id, "cancelled")
		if left := b.left(number); left != 3 {
			t.Errorf("withheld is %t: %d sends are left, want 3", withheld, left)
		}
	}
}

// A sender that breaks its promise, and repeats the message in its error.
func TestLG01_AnErrorOfAProviderIsNotKept(t *testing.T) {
	t.Parallel()

	b := setup(t, func(_ context.Context, m notify.Message) error {
		return fmt.Errorf("the provider says: cannot send %q to %s", m.Text.Reveal(), m.To)
	})
	id := b.ask(notify.SMS, phone)
	code := b.awaitTry().Code.Reveal()
	b.awaitTry()
	var kept string
	if err := b.db.QueryRow(t.Context(), `
		SELECT (SELECT to_jsonb(j)::text FROM river_job j WHERE j.args ->> 'verification' = $1)
		    || (SELECT (to_jsonb(s) - 'contact')::text FROM sends s WHERE s.id::text = $1)`, id.String()).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{code, "provider says", phone} {
		if strings.Contains(kept, text) || strings.Contains(b.log.String(), text) {
			t.Errorf("%q is kept:\n%s\n%s", text, kept, b.log)
		}
	}
}

func TestLastListsTheNewestFirst(t *testing.T) {
	t.Parallel()

	b := setup(t, func(context.Context, notify.Message) error { return nil })
	first := b.ask(notify.Email, ada)
	b.clock.Advance(time.Second)
	second := b.ask(notify.SMS, phone)
	b.clock.Advance(time.Second)
	b.ask(notify.Email, "grace@example.com")
	b.clock.Advance(wait)
	third := b.ask(notify.Email, ada)

	for name, c := range map[string]struct {
		email, phone string
		most         int
		want         []uuid.UUID
	}{
		"both":    {ada, phone, 10, []uuid.UUID{third, second, first}},
		"one":     {ada, "", 10, []uuid.UUID{third, first}},
		"the few": {ada, phone, 2, []uuid.UUID{third, second}},
		"nobody":  {"", "", 10, nil},
	} {
		sends, err := b.sends.Last(t.Context(), notify.Recipient{Email: c.email, Phone: c.phone}, c.most)
		if err != nil {
			t.Fatal(err)
		}
		var got []uuid.UUID
		for _, send := range sends {
			got = append(got, send.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestID09_WhatWasSentIsForgotten(t *testing.T) {
	t.Parallel()

	b := setup(t, func(context.Context, notify.Message) error { return nil })
	b.awaitSend(b.ask(notify.Email, ada), notify.SendTaken)
	b.awaitSend(b.ask(notify.SMS, phone), notify.SendTaken)
	kept := b.ask(notify.SMS, other)
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		return b.sends.Forget(t.Context(), tx, notify.Recipient{Email: ada, Phone: phone})
	}); err != nil {
		t.Fatal(err)
	}
	if sends, err := b.sends.Last(t.Context(), notify.Recipient{Email: ada, Phone: phone}, 10); err != nil || len(sends) != 0 {
		t.Errorf("left are %+v: %v", sends, err)
	}
	b.awaitSend(kept, notify.SendTaken)
}
