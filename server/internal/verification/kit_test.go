package verification_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

const (
	spent     = latchkeyv1.Reason_REASON_CODE_SPENT
	expired   = latchkeyv1.Reason_REASON_CODE_EXPIRED
	mismatch  = latchkeyv1.Reason_REASON_CODE_MISMATCH
	tooMany   = latchkeyv1.Reason_REASON_TOO_MANY_SENDS
	badProof  = latchkeyv1.Reason_REASON_PROOF_INVALID
	ttl, wait = 10 * time.Minute, time.Minute
	proofTTL  = 15 * time.Minute
)

// bundle is two replicas on one database, under one clock.
type bundle struct {
	t        testing.TB
	clock    *dbtest.Clock
	db       *db.DB
	replicas [2]*verification.Service
}

func setup(t testing.TB) *bundle {
	t.Helper()
	b := &bundle{t: t, clock: dbtest.NewClock()}
	url := dbtest.URL(t)
	for i := range b.replicas {
		d, err := db.Open(t.Context(), db.Config{URL: db.URL(url), MaxConns: 8, Clock: b.clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(d.Close)
		b.db, b.replicas[i] = d, newService(t, d)
	}
	return b
}

func newService(t testing.TB, d *db.DB) *verification.Service {
	t.Helper()
	master, err := secret.NewMaster(secret.NewText("a master secret for tests of codes"))
	if err != nil {
		t.Fatal(err)
	}
	return verification.New(d, verification.Config{CodeTTL: ttl, ResendWait: wait, ProofTTL: proofTTL, Master: master})
}

func to(address string) verification.Contact {
	return verification.Contact{Channel: verification.Email, Value: address}
}

func (b *bundle) tryStart(in verification.StartInput) (started verification.Started, err error) {
	err = b.db.InTx(context.Background(), func(tx db.Tx) error {
		started, err = b.replicas[0].Start(context.Background(), tx, in)
		return err
	})
	return started, err
}

// start requests a code, which must succeed.
func (b *bundle) start(purpose verification.Purpose, contact verification.Contact) verification.Started {
	b.t.Helper()
	started, err := b.tryStart(verification.StartInput{Purpose: purpose, Contact: contact, Locale: "en"})
	if err != nil {
		b.t.Fatalf("start: %v", err)
	}
	return started
}

// code returns the code as its delivery job gets it.
func (b *bundle) code(started verification.Started) secret.Text {
	b.t.Helper()
	sendable, state, err := b.replicas[0].Sendable(b.t.Context(), started.ID)
	if err != nil || state != verification.Wanted {
		b.t.Fatalf("the code cannot be sent, being %s: %v", state, err)
	}
	return sendable.Code
}

// wrong returns a code that is not the right one.
func wrong(right secret.Text) secret.Text {
	digits := []byte(right.Reveal())
	digits[0] = '0' + (digits[0]-'0'+1)%10
	return secret.NewText(string(digits))
}

func (b *bundle) check(started verification.Started, code secret.Text) error {
	_, err := b.replicas[0].Check(b.t.Context(), started.Secret, code)
	return err
}

// proof goes all the way to a verified code.
func (b *bundle) proof(purpose verification.Purpose, contact verification.Contact) secret.Text {
	b.t.Helper()
	started := b.start(purpose, contact)
	if err := b.check(started, b.code(started)); err != nil {
		b.t.Fatalf("check the right code: %v", err)
	}
	return started.Secret
}

func (b *bundle) consume(purpose verification.Purpose, proof secret.Text) (contact verification.Contact, err error) {
	err = b.db.InTx(b.t.Context(), func(tx db.Tx) error {
		used, err := b.replicas[0].Consume(b.t.Context(), tx, purpose, proof)
		contact = used.Contact
		return err
	})
	return contact, err
}

// refused checks that an error has this reason.
func refused(t testing.TB, what string, err error, reason latchkeyv1.Reason) fault.Error {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Reason != reason {
		t.Fatalf("%s: %v, want %s", what, err, reason)
	}
	return *refusal
}

// together runs n calls concurrently, and returns how often each reason occurred; success is UNSPECIFIED.
func together(t testing.TB, n int, call func(i int) error) (outcomes map[latchkeyv1.Reason]int, refusals []*fault.Error) {
	t.Helper()
	var (
		group   sync.WaitGroup
		errs    = make([]error, n)
		started = make(chan struct{})
	)
	for i := range n {
		group.Go(func() {
			<-started
			errs[i] = call(i)
		})
	}
	close(started)
	group.Wait()

	outcomes = map[latchkeyv1.Reason]int{}
	for _, err := range errs {
		var refusal *fault.Error
		switch {
		case err == nil:
			outcomes[latchkeyv1.Reason_REASON_UNSPECIFIED]++
		case errors.As(err, &refusal):
			outcomes[refusal.Reason]++
			refusals = append(refusals, refusal)
		default:
			t.Errorf("a call failed: %v", err)
		}
	}
	return outcomes, refusals
}

// tries are the charges for a code: against it, and against the day's budget.
func (b *bundle) tries(started verification.Started) (charged [2]int) {
	b.t.Helper()
	if err := b.db.QueryRow(b.t.Context(), `SELECT v.attempts, b.guesses FROM verifications v
		JOIN code_budgets b USING (purpose, channel, contact) WHERE v.id = $1`, started.ID).Scan(&charged[0], &charged[1]); err != nil {
		b.t.Fatal(err)
	}
	return charged
}
