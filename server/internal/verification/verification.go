// Package verification manages one-time codes and the proofs that they become. It sends no messages, and knows no users.
//
// Start creates a code and returns a secret that identifies the verification. Check turns the right code into a proof. Consume
// uses up the proof, in the transaction that acts on it. A code and its proof are bound to one contact and one purpose.
//
// The rules follow OWASP ASVS 5.0 sections 6.5 and 6.6 and NIST SP 800-63B-4 section 3.1.3. A code has six digits and lasts ten
// minutes, by the database's time. It allows five attempts, each counted before the code is compared. All codes of a contact and
// purpose allow twenty attempts a day. Only the newest code works, and only once. There is a wait between sends; a contact gets
// at most five an hour and ten a day for a purpose. The code is not stored, and of the secret only a hash.
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

// MaxAttempts is how many attempts a code allows.
const MaxAttempts = 5

// MaxGuesses is how many attempts all codes of a contact and purpose allow together in GuessWindow. An attacker who requests code
// after code has a chance of 1 in 50,000 a day.
const (
	MaxGuesses  = 20
	GuessWindow = 24 * time.Hour
)

// Config holds the lifetimes of codes and proofs.
type Config struct {
	// CodeTTL is how long a code is valid.
	CodeTTL time.Duration `name:"code-ttl" default:"10m" placeholder:"DURATION" help:"How long a one-time code works."`
	// ResendWait is the wait before the next code for the same contact and purpose.
	ResendWait time.Duration `name:"code-resend-wait" default:"1m" placeholder:"DURATION" help:"How long to wait before the next code to the same contact."`
	// ProofTTL is how long a proof can be used.
	ProofTTL time.Duration `name:"proof-ttl" default:"15m" placeholder:"DURATION" help:"How long a verified code can be used."`
	// FixedCodes and FixedCodesUntil are the settings from which ParseFixed makes Fixed.
	FixedCodes      secret.Text `name:"fixed-codes" placeholder:"CONTACT=CODE" secret:"" help:"Contacts for tests, whose code is always the same and never sent, like review@example.com=135790,010-1234-5678=246802."`
	FixedCodesUntil string      `name:"fixed-codes-until" placeholder:"DATE" help:"Last day, in UTC, on which these codes work, like 2027-01-31; at most a year ahead."`
	// PhoneRegion is the country of numbers in FixedCodes without a country code.
	PhoneRegion string `kong:"-"`
	// Master is the secret from which the codes are derived.
	Master secret.Master `kong:"-"`
	// Fixed are the contacts whose codes are not derived.
	Fixed FixedCodes `kong:"-"`
}

// Service manages codes and proofs. Its methods may be called from many goroutines.
type Service struct {
	db  *db.DB
	q   *dbsqlc.Queries
	cfg Config
	key secret.Key
}

// New returns a Service.
func New(d *db.DB, cfg Config) *Service {
	return &Service{db: d, q: dbsqlc.New(), cfg: cfg, key: cfg.Master.Key(codeKeyPurpose)}
}

// Purpose is what a code is for. The values are stored in the database.
type Purpose string

// The purposes.
const (
	SignUp        Purpose = "sign_up"
	SignIn        Purpose = "sign_in"
	ResetPassword Purpose = "reset_password"
	ChangeContact Purpose = "change_contact"
	// Reauthenticate verifies the identity of a signed-in user again.
	Reauthenticate Purpose = "reauthenticate"
)

// Channel is the kind of a contact.
type Channel string

// The channels.
const (
	Email Channel = "email"
	Phone Channel = "phone"
)

// Contact is an e-mail address or phone number in canonical form. Equal values are the same contact.
type Contact struct {
	Channel Channel
	Value   string
}

// EmailContact returns an e-mail address as a contact.
func EmailContact(e contact.Email) Contact { return Contact{Channel: Email, Value: e.String()} }

// PhoneContact returns a phone number as a contact.
func PhoneContact(p contact.Phone) Contact { return Contact{Channel: Phone, Value: p.String()} }

const secretPrefix = "vrf_"

// newSecret returns a new secret for the caller. rand.Text has at least 128 random bits.
func newSecret() secret.Text { return secret.NewText(secretPrefix + rand.Text()) }

// hashSecret returns the hash of a secret, which is what the database stores. The secret is random, so a fast hash is enough.
func hashSecret(s secret.Text) []byte {
	sum := sha256.Sum256([]byte(s.Reveal()))
	return sum[:]
}
