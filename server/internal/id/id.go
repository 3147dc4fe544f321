// Package id gives the identifiers that leave the server a readable form: a prefix that tells the kind and 26 lower-case
// characters, such as usr_0sk8m2f9d3q1o5v7j4l6n8p0r2. Inside and in the database they are UUIDs of version 7 (RFC 9562),
// which sort by the time they were made.
//
// The prefix keeps a session's id from being taken for a user's: parsing one kind as another fails.
package id

import (
	"encoding/base32"
	"errors"

	"github.com/google/uuid"
)

// ErrMalformed is returned for a text that is no identifier of the wanted kind. It does not tell what was wrong: a caller
// answers as for an identifier that does not exist.
var ErrMalformed = errors.New("id: malformed")

// User identifies an account.
type User uuid.UUID

// Session identifies one sign-in on one device.
type Session uuid.UUID

// Activity identifies an entry of an account's activity list.
type Activity uuid.UUID

const (
	userPrefix     = "usr_"
	sessionPrefix  = "ses_"
	activityPrefix = "act_"
)

// The alphabet keeps the order of the bytes, so that identifiers sort alike in text and in the database.
var encoding = base32.HexEncoding.WithPadding(base32.NoPadding)

// NewUser makes an identifier that was never given before.
func NewUser() User { return User(newV7()) }

// NewSession makes an identifier that was never given before.
func NewSession() Session { return Session(newV7()) }

// NewActivity makes an identifier that was never given before.
func NewActivity() Activity { return Activity(newV7()) }

// String gives the public form.
func (a Activity) String() string { return activityPrefix + encode(uuid.UUID(a)) }

// String gives the public form.
func (u User) String() string { return userPrefix + encode(uuid.UUID(u)) }

// String gives the public form.
func (s Session) String() string { return sessionPrefix + encode(uuid.UUID(s)) }

// ParseUser reads the public form. It returns ErrMalformed for anything else.
func ParseUser(text string) (User, error) {
	u, err := decode(userPrefix, text)
	return User(u), err
}

// ParseSession reads the public form. It returns ErrMalformed for anything else.
func ParseSession(text string) (Session, error) {
	u, err := decode(sessionPrefix, text)
	return Session(u), err
}

func newV7() uuid.UUID {
	// It fails only when the system's random source does, and crypto/rand ends the program in that case.
	return uuid.Must(uuid.NewV7())
}
