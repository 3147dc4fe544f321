// Package id gives identifiers a readable public form: a prefix for the kind and 26 lower-case characters, such as
// usr_0sk8m2f9d3q1o5v7j4l6n8p0r2. Inside the server and the database they are UUIDs of version 7 (RFC 9562), which sort by
// creation time.
//
// The prefix keeps the id of a session from being taken for that of a user: parsing an id as another kind fails.
package id

import (
	"encoding/base32"
	"errors"

	"github.com/google/uuid"
)

// ErrMalformed means that a text is not an identifier of the wanted kind. It has no details: the caller answers as for an
// identifier that does not exist.
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

// The alphabet keeps the order of the bytes, so that identifiers sort in the same way as text and in the database.
var encoding = base32.HexEncoding.WithPadding(base32.NoPadding)

// NewUser returns a new identifier.
func NewUser() User { return User(newV7()) }

// NewSession returns a new identifier.
func NewSession() Session { return Session(newV7()) }

// NewActivity returns a new identifier.
func NewActivity() Activity { return Activity(newV7()) }

// String returns the public form.
func (a Activity) String() string { return activityPrefix + encode(uuid.UUID(a)) }

// String returns the public form.
func (u User) String() string { return userPrefix + encode(uuid.UUID(u)) }

// String returns the public form.
func (s Session) String() string { return sessionPrefix + encode(uuid.UUID(s)) }

// ParseUser parses the public form. It returns ErrMalformed for anything else.
func ParseUser(text string) (User, error) {
	u, err := decode(userPrefix, text)
	return User(u), err
}

// ParseSession parses the public form. It returns ErrMalformed for anything else.
func ParseSession(text string) (Session, error) {
	u, err := decode(sessionPrefix, text)
	return Session(u), err
}

func newV7() uuid.UUID {
	// It fails only if the system's random source fails, and crypto/rand ends the program in that case.
	return uuid.Must(uuid.NewV7())
}
