package token

import (
	"encoding/json"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// The clocks of replicas agree within this (OWASP ASVS 5.0 9.2.1 and RFC 7519 section 4.1.4: "a few minutes" at most).
const maxSkew = 60 * time.Second

// maxTime is the end of the year 9999, the last second that RFC 3339 and protobuf's Timestamp can represent. Later times are
// malformed, and would overflow.
const maxTime = 253402300799

// clientID is the id of the only OAuth client (RFC 9068 section 2.2 requires the claim).
const clientID = "latchkey"

// registered are the claims of both kinds of token (RFC 7519 section 4.1). Times are in whole seconds.
type registered struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Subject   string `json:"sub"`
	Session   string `json:"sid"`
	ExpiresAt int64  `json:"exp"`
	IssuedAt  int64  `json:"iat"`
	ID        string `json:"jti"`
}

type accessClaims struct {
	registered
	Role            string   `json:"role"`
	AMR             []string `json:"amr"`
	AuthenticatedAt int64    `json:"auth_time"`
	ClientID        string   `json:"client_id"`
	// Omitted if zero, as in the tokens of the previous version.
	Generation int32 `json:"gen,omitempty"`
}

type refreshClaims struct {
	registered
	// A pointer, since zero is a valid counter and a missing one is not.
	Counter *int32 `json:"cnt"`
}

func (i *Issuer) register(audience string, user id.User, session id.Session, jti string, issuedAt, expiresAt time.Time) registered {
	return registered{
		Issuer:    i.cfg.Issuer,
		Audience:  audience,
		Subject:   user.String(),
		Session:   session.String(),
		ExpiresAt: expiresAt.Unix(),
		IssuedAt:  issuedAt.Unix(),
		ID:        jti,
	}
}

// check validates claims whose signature is valid. A token that fails here is ours, but of another kind or time.
func (i *Issuer) check(r registered, audience string, now time.Time) (user id.User, session id.Session, err error) {
	if !i.accepts(r.Issuer) || r.Audience != audience || r.ID == "" {
		return user, session, ErrInvalid
	}
	if r.ExpiresAt <= 0 || r.ExpiresAt > maxTime || !past(r.IssuedAt, now) {
		return user, session, ErrInvalid
	}
	if user, err = id.ParseUser(r.Subject); err != nil {
		return user, session, ErrInvalid
	}
	if session, err = id.ParseSession(r.Session); err != nil {
		return user, session, ErrInvalid
	}
	// Last, so that only an otherwise valid token is reported as expired. There is no leeway: all replicas use the database's
	// time.
	if !now.Before(time.Unix(r.ExpiresAt, 0)) {
		return user, session, ErrExpired
	}
	return user, session, nil
}

// past reports whether the time of a claim has come.
func past(seconds int64, now time.Time) bool {
	return 0 < seconds && seconds <= now.Add(maxSkew).Unix()
}

func decode(payload []byte, claims any) error {
	if err := json.Unmarshal(payload, claims); err != nil {
		return ErrInvalid
	}
	return nil
}
