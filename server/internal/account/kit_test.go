package account_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/cleanup"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/push"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

const (
	signUp = latchkeyv1.Purpose_PURPOSE_SIGN_UP
	// success stands for "was not refused" where outcomes are counted.
	success = latchkeyv1.Reason_REASON_UNSPECIFIED

	goodPassword = "Correct-horse1"
)

// bundle is the use-cases without a transport, for tests that need another hasher than the server's, or a race without a
// network between.
type bundle struct {
	t             *testing.T
	clock         *dbtest.Clock
	master        secret.Master
	db            *db.DB
	accounts      *account.Service
	verifications *verification.Service
	sessions      *session.Service
	tokens        *token.Issuer
	jobs          *jobs.Client
	audit         *audit.Log
}

// patient never answers BUSY.
var patient = password.Config{
	Argon2: password.CheapArgon2(), MaxConcurrent: 4, MaxQueue: 1000, MaxWait: time.Minute,
}

func setup(t *testing.T, hashing password.Config) *bundle {
	t.Helper()
	clock := dbtest.NewClock()
	b := &bundle{t: t, clock: clock, db: dbtest.New(t, clock.Now)}
	master, err := secret.NewMaster(secret.NewText("a master secret for tests of accounts"))
	if err != nil {
		t.Fatal(err)
	}
	b.master = master
	tokens, err := token.NewIssuer(t.Context(), b.db, token.Config{
		Issuer: "http://latchkey.test", AccessTTL: time.Hour, Master: master,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.tokens = tokens
	b.audit = audit.New(b.db, master)
	b.sessions, err = session.New(session.Deps{
		DB: b.db, Tokens: tokens, Audit: b.audit, Log: slog.New(slog.DiscardHandler),
	}, session.Config{RefreshTTL: time.Hour, MaxAge: time.Hour, RefreshGrace: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	b.verifications = verification.New(b.db, verification.Config{
		CodeTTL: 10 * time.Minute, ResendWait: time.Second, ProofTTL: 15 * time.Minute, Master: master,
	})
	// Jobs are queued, and nobody runs them: what a use-case leaves behind can be looked at.
	set := jobs.NewSet()
	notify.Add(set, notify.Deps{Clock: clock.Now})
	cleanup.Add(set, b.db)
	if b.jobs, err = jobs.New(b.db, set, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	b.accounts = b.service(hashing)
	return b
}

// sharedBy gives the same bundle to a subtest.
func (b *bundle) sharedBy(t *testing.T) *bundle {
	shared := *b
	shared.t = t
	return &shared
}

// service makes a replica with another hasher.
func (b *bundle) service(hashing password.Config) *account.Service {
	b.t.Helper()
	hasher, err := password.New(hashing)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.serviceWith(hasher)
}

func (b *bundle) serviceWith(hasher *password.Hasher) *account.Service {
	b.t.Helper()
	return account.New(b.deps(hasher))
}

// limited makes a replica that charges budgets.
func (b *bundle) limited() *account.Service {
	b.t.Helper()
	hasher, err := password.New(patient)
	if err != nil {
		b.t.Fatal(err)
	}
	deps := b.deps(hasher)
	deps.Limits = ratelimit.New(b.db, true)
	return account.New(deps)
}

func (b *bundle) deps(hasher *password.Hasher) account.Deps {
	b.t.Helper()
	policy, err := password.ParsePolicy("classic")
	if err != nil {
		b.t.Fatal(err)
	}
	return account.Deps{
		DB: b.db,
		Rules: account.Rules{
			Email: account.Verified, Phone: account.Optional, Roles: []string{"trainee"}, PhoneRegion: "KR",
			SMSCountries: []string{"KR"}, Passwords: policy, Discovery: account.Open,
		},
		Passwords: hasher, Verifications: b.verifications, Sessions: b.sessions,
		Messages: notify.New(b.jobs, ratelimit.New(b.db, true)), Sends: notify.NewSends(b.db), Devices: push.New(b.db, b.master), Audit: b.audit, Jobs: b.jobs, Limits: ratelimit.New(b.db, false),
	}
}

func email(address string) verification.Contact {
	return verification.Contact{Channel: verification.Email, Value: address}
}

// proof proves a contact in its canonical form. Unlike with the server, the next proof of the same contact can be had at
// once, and the earlier ones stay good: a race needs many.
func (b *bundle) proof(contact verification.Contact) secret.Text {
	b.t.Helper()
	ctx := b.t.Context()
	var started verification.Started
	if err := b.db.InTx(ctx, func(tx db.Tx) (err error) {
		started, err = b.verifications.Start(ctx, tx, verification.StartInput{Purpose: verification.SignUp, Contact: contact, Locale: "en"})
		return err
	}); err != nil {
		b.t.Fatal(err)
	}
	sendable, _, err := b.verifications.Sendable(ctx, started.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.verifications.Check(ctx, started.Secret, sendable.Code); err != nil {
		b.t.Fatal(err)
	}
	for _, statement := range []string{
		"UPDATE verifications SET consumed_at = NULL WHERE channel = $1 AND contact = $2",
		"DELETE FROM code_budgets WHERE channel = $1 AND contact = $2",
	} {
		if _, err := b.db.Exec(ctx, statement, string(contact.Channel), contact.Value); err != nil {
			b.t.Fatal(err)
		}
	}
	return started.Secret
}

func form(address, nickname string, proofs ...secret.Text) account.SignUpInput {
	return account.SignUpInput{
		Email: address, Name: "Ada Lovelace", Nickname: nickname, Password: secret.NewText(goodPassword), Role: "trainee",
		Locale: "en", Verifications: proofs,
	}
}

// ada is who has an account where one is enough.
const ada = "ada@example.com"

// signsUp makes her account.
func (b *bundle) signsUp() {
	b.t.Helper()
	if _, err := b.accounts.SignUp(b.t.Context(), form(ada, "ada", b.proof(email(ada)))); err != nil {
		b.t.Fatal(err)
	}
}

func credentials(address, password string) account.SignInInput {
	return account.SignInInput{ContactInput: account.ContactInput{Email: address}, Password: secret.NewText(password)}
}

// count asks the database for a number.
func (b *bundle) count(query string, args ...any) (n int) {
	b.t.Helper()
	if err := b.db.QueryRow(context.Background(), query, args...).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

// storedHash gives the hash of her password.
func (b *bundle) storedHash() (hash string) {
	b.t.Helper()
	if err := b.db.QueryRow(b.t.Context(),
		"SELECT hash FROM passwords JOIN users ON users.id = user_id WHERE email = $1", ada).Scan(&hash); err != nil {
		b.t.Fatal(err)
	}
	return hash
}

// together runs n calls at once and counts their outcomes. What is no refusal fails the test.
func together(t *testing.T, n int, call func(i int) error) map[latchkeyv1.Reason]int {
	t.Helper()
	var (
		group sync.WaitGroup
		errs  = make([]error, n)
		start = make(chan struct{})
	)
	for i := range n {
		group.Go(func() {
			<-start
			errs[i] = call(i)
		})
	}
	close(start)
	group.Wait()
	outcomes := map[latchkeyv1.Reason]int{}
	for _, err := range errs {
		outcomes[reason(t, err)]++
	}
	return outcomes
}

// reason tells why a call was refused; success when it was not.
func reason(t *testing.T, err error) latchkeyv1.Reason {
	t.Helper()
	var refusal *fault.Error
	switch {
	case err == nil:
		return success
	case errors.As(err, &refusal):
		return refusal.Reason
	default:
		t.Errorf("a call failed: %v", err)
		return latchkeyv1.Reason_REASON_INTERNAL
	}
}
