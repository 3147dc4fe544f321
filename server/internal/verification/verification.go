// Package verification sends nothing and knows no users: it keeps one-time codes and the proofs that they leave behind.
//
// A code is asked for with Start, which gives a secret that ties the later steps to it. Check turns a right code into a
// proof. Consume uses the proof up, in the transaction that acts on it. A code and its proof are bound to one contact and
// one purpose.
//
// The rules, from OWASP ASVS 5.0 section 6.5 and 6.6 and NIST SP 800-63B-4 section 3.1.3: six digits for ten minutes, by
// the database's time; five tries, each counted before the code is looked at, and twenty a day for a contact and purpose,
// whatever number of codes; only the newest code works; one success. Between sends lies a wait, and a contact gets at most
// five an hour and ten a day for a purpose.
// The code is nowhere at rest, and of the secret only its hash.
package verification

import (
	"crypto/rand"
	"crypto/sha256"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// MaxAttempts is how many tries a code allows.
const MaxAttempts = 5

// MaxGuesses is how many tries all codes of a contact and purpose allow together in GuessWindow. A guesser who asks for
// code after code has a chance of 1 in 50,000 a day.
const (
	MaxGuesses  = 20
	GuessWindow = 24 * time.Hour
)

// Config says how long things live.
type Config struct {
	// CodeTTL is how long a code works.
	CodeTTL time.Duration `name:"code-ttl" default:"10m" placeholder:"DURATION" help:"How long a one-time code works."`
	// ResendWait is how long to wait before the next code for the same contact and purpose.
	ResendWait time.Duration `name:"code-resend-wait" default:"1m" placeholder:"DURATION" help:"How long to wait before the next code to the same contact."`
	// ProofTTL is how long a proof can be used.
	ProofTTL time.Duration `name:"proof-ttl" default:"15m" placeholder:"DURATION" help:"How long a verified code can be used."`
	// FixedCodes and FixedCodesUntil are what an operator writes; ParseFixed makes Fixed of them.
	FixedCodes      secret.Text `name:"fixed-codes" placeholder:"CONTACT=CODE" secret:"" help:"Contacts for tests, whose code is always the same and never sent, like review@example.com=135790,010-1234-5678=246802."`
	FixedCodesUntil string      `name:"fixed-codes-until" placeholder:"DATE" help:"Last day, in UTC, on which these codes work, like 2027-01-31; at most a year ahead."`
	// PhoneRegion is the country of numbers in FixedCodes that are written without one.
	PhoneRegion string `kong:"-"`
	// Master derives the codes.
	Master secret.Master `kong:"-"`
	// Fixed are the contacts whose codes are not derived.
	Fixed FixedCodes `kong:"-"`
}

// Service keeps codes and proofs. Its methods may be called from many goroutines.
type Service struct {
	db  *db.DB
	q   *dbsqlc.Queries
	cfg Config
	key secret.Key
}

// New makes a Service.
func New(d *db.DB, cfg Config) *Service {
	return &Service{db: d, q: dbsqlc.New(), cfg: cfg, key: cfg.Master.Key(codeKeyPurpose)}
}

// Purpose is what a code is for. The values are those of the database.
type Purpose string

// The purposes.
const (
	SignUp        Purpose = "sign_up"
	SignIn        Purpose = "sign_in"
	ResetPassword Purpose = "reset_password"
	ChangeContact Purpose = "change_contact"
	// Reauthenticate proves again who a signed-in user is.
	Reauthenticate Purpose = "reauthenticate"
)

// Channel is the way a code goes.
type Channel string

// The channels.
const (
	Email Channel = "email"
	Phone Channel = "phone"
)

// Contact is an address or a number in canonical form. Two contacts are the same if and only if they are equal.
type Contact struct {
	Channel Channel
	Value   string
}

// EmailContact is an e-mail address as a contact.
func EmailContact(e contact.Email) Contact { return Contact{Channel: Email, Value: e.String()} }

// PhoneContact is a phone number as a contact.
func PhoneContact(p contact.Phone) Contact { return Contact{Channel: Phone, Value: p.String()} }

const secretPrefix = "vrf_"

// newSecret makes what the caller holds. rand.Text carries at least 128 random bits.
func newSecret() secret.Text { return secret.NewText(secretPrefix + rand.Text()) }

// hashSecret makes what the database holds. The secret is random, so a fast hash keeps it.
func hashSecret(s secret.Text) []byte {
	sum := sha256.Sum256([]byte(s.Reveal()))
	return sum[:]
}
