//go:build linux || darwin

package ledgertest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// compare compares the server's state with everything that it has acknowledged, and returns a table.
func (w *world) compare(t *testing.T, database string) string {
	t.Helper()
	for _, broken := range w.ledger.broken {
		t.Errorf("while people were at it: %s", broken)
	}
	lostCodes := w.compareCodes(t, database)
	lostAccounts, lostChanges, lostSignOuts := w.compareAccounts(t)
	codes, signUps, changes, signOuts := w.ledger.acknowledged()
	_, again := w.provider.delivered()

	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "ACKNOWLEDGED\tTIMES\tLOST\ncodes\t%d\t%d\nsign-ups\t%d\t%d\npassword changes\t%d\t%d\nsign-outs\t%d\t%d\n",
		codes, lostCodes, signUps, lostAccounts, changes, lostChanges, signOuts, lostSignOuts)
	_ = table.Flush()
	fmt.Fprintf(&text, "codes that were sent again: %d; calls without a promise: %v\n", again, w.ledger.unanswered)
	return text.String()
}

// compareCodes checks the codes that have not arrived: each must have a job that will send it.
func (w *world) compareCodes(t *testing.T, database string) (lost int) {
	t.Helper()
	delivered, _ := w.provider.delivered()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for phone := range w.ledger.codes {
		if delivered[phone] {
			continue
		}
		var onItsWay bool
		if err := conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM sends s
				JOIN river_job j ON j.args ->> 'verification' = s.id::text AND j.finalized_at IS NULL
			WHERE s.contact = $1 AND s.state = 'queued')`, phone).Scan(&onItsWay); err != nil {
			t.Fatal(err)
		}
		if !onItsWay {
			lost++
			t.Errorf("the code to %s has not arrived, and is not on its way", phone)
		}
	}
	return lost
}

// comparing limits how many accounts are compared at the same time.
const comparing = 4

func (w *world) compareAccounts(t *testing.T) (accounts, changes, signOuts int) {
	t.Helper()
	var (
		work  sync.WaitGroup
		mu    sync.Mutex
		queue = make(chan *account)
	)
	lost := func(counter *int, format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		*counter++
		t.Errorf(format, args...)
	}
	for range comparing {
		work.Go(func() {
			for a := range queue {
				if a.password != "" {
					if err := w.certainly(func() error { return w.trySignIn(a.phone, a.password) }); err != nil {
						lost(&accounts, "the account of %s: %v", a.phone, err)
					}
					for _, former := range a.former {
						if reason, _ := answered(w.certainly(func() error { return w.trySignIn(a.phone, former) })); reason != latchkeyv1.Reason_REASON_CREDENTIALS_INVALID {
							lost(&changes, "%s signs in with a password that was changed: %s", a.phone, reason)
						}
					}
				}
				for _, session := range a.ended {
					if err := w.certainly(func() error { return w.tryProfile(session) }); err == nil {
						lost(&signOuts, "an access token of %s is good after the sign-out", a.phone)
					}
					if err := w.certainly(func() error { return w.tryRefresh(session) }); err == nil {
						lost(&signOuts, "a refresh token of %s is good after the sign-out", a.phone)
					}
				}
			}
		})
	}
	for _, a := range w.ledger.all() {
		queue <- a
	}
	close(queue)
	work.Wait()
	return accounts, changes, signOuts
}

// certainly retries until there is an answer: a server that has just started may be busy.
func (w *world) certainly(ask func() error) error {
	for began := time.Now(); ; {
		err := ask()
		reason, refused := answered(err)
		if err == nil || refused && reason != latchkeyv1.Reason_REASON_BUSY || time.Since(began) > time.Minute {
			return err
		}
		<-time.After(50 * time.Millisecond)
	}
}

func (w *world) trySignIn(phone, password string) error {
	call, done := calling("")
	defer done()
	_, err := w.auth().SignIn(call, &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Phone{Phone: phone}, Password: password,
	})
	return err
}

func (w *world) tryProfile(session tokens) error {
	call, done := calling(session.access)
	defer done()
	_, err := w.account().GetProfile(call, &latchkeyv1.GetProfileRequest{})
	return err
}

func (w *world) tryRefresh(session tokens) error {
	call, done := calling("")
	defer done()
	_, err := w.auth().Refresh(call, &latchkeyv1.RefreshRequest{RefreshToken: session.refresh})
	return err
}
