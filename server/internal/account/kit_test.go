package account_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/admin"
	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/push"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
	"github.com/latchkey-auth/latchkey/server/internal/token"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

const (
	signUp = latchkeyv1.Purpose_PURPOSE_SIGN_UP
	// success stands for "was not refused" where outcomes are counted.
	success = latchkeyv1.Reason_REASON_UNSPECIFIED

	goodPassword = "Correct-horse1"
)

// bundle is the use-cases of a server without a transport, for tests that need another hasher than the server's, or a race
// without a network between.
type bundle struct {
	t             *testing.T
	clock         *dbtest.Clock
	db            *db.DB
	accounts      *account.Service
	admin         *admin.Service
	verifications *verification.Service
	sessions      *session.Service
	tokens        *token.Issuer
	devices       *push.Registry
}

// patient never answers BUSY.
var patient = password.Config{
	Argon2: password.CheapArgon2(), MaxConcurrent: 4, MaxQueue: 1000, MaxWait: time.Minute,
}

func setup(t *testing.T, hashing password.Config) *bundle {
	t.Helper()
	clock := dbtest.NewClock()
	b := &bundle{t: t, clock: clock, db: dbtest.New(t, clock.Now)}
	services := b.services(hashing)
	b.accounts, b.verifications, b.sessions = services.Accounts, services.Verifications, services.Sessions
	b.tokens, b.devices, b.admin = services.Tokens, services.Devices, services.Admin
	return b
}

// sharedBy returns the same bundle for a subtest.
func (b *bundle) sharedBy(t *testing.T) *bundle {
	shared := *b
	shared.t = t
	return &shared
}

// services returns a replica with another hasher. Jobs are queued but not run, so that tests can inspect them.
func (b *bundle) services(hashing password.Config) *app.Services {
	b.t.Helper()
	return latchkeytest.Services(b.t, b.db, latchkeytest.Hashing(hashing), latchkeytest.With(func(s *settings.Settings) {
		s.Tokens.AccessTTL, s.Sessions.RefreshTTL, s.Sessions.MaxAge = time.Hour, time.Hour, time.Hour
		s.Codes.ResendWait = time.Second
	}))
}

func email(address string) verification.Contact {
	return verification.Contact{Channel: verification.Email, Value: address}
}

// proof proves a contact, in canonical form, for a purpose. Unlike the server, it can create the next proof of the same contact
// at once, and earlier ones stay valid: a race needs many.
func (b *bundle) proof(purpose verification.Purpose, contact verification.Contact) secret.Text {
	b.t.Helper()
	ctx := b.t.Context()
	var started verification.Started
	if err := b.db.InTx(ctx, func(tx db.Tx) (err error) {
		started, err = b.verifications.Start(ctx, tx, verification.StartInput{Purpose: purpose, Contact: contact, Locale: "en"})
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
		"UPDATE verifications SET consumed_at = NULL WHERE purpose = $1 AND channel = $2 AND contact = $3",
		"DELETE FROM code_budgets WHERE purpose = $1 AND channel = $2 AND contact = $3",
	} {
		if _, err := b.db.Exec(ctx, statement, string(purpose), string(contact.Channel), contact.Value); err != nil {
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

// ada is the account of tests that need only one.
const ada = "ada@example.com"

// signsUp creates her account.
func (b *bundle) signsUp() {
	b.t.Helper()
	if _, err := b.accounts.SignUp(b.t.Context(), form(ada, "ada", b.proof(verification.SignUp, email(ada)))); err != nil {
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

// storedHash returns the hash of her password.
func (b *bundle) storedHash() (hash string) {
	b.t.Helper()
	if err := b.db.QueryRow(b.t.Context(),
		"SELECT hash FROM passwords JOIN users ON users.id = user_id WHERE email = $1", ada).Scan(&hash); err != nil {
		b.t.Fatal(err)
	}
	return hash
}

// together runs n calls concurrently and counts their outcomes. Any error other than a refusal fails the test.
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

// reason returns the reason of a refusal, or success.
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
