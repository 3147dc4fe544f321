package token

import (
	"strconv"
	"time"
)

// Refresh signs a refresh token that expires at r.ExpiresAt. If r.IssuedAt is set, equal values give equal claims: two requests
// for the successor of a token get the same token, except for the signature.
func (i *Issuer) Refresh(r Refresh) (Signed, error) {
	now := i.clock()
	issuedAt := r.IssuedAt
	if issuedAt.IsZero() {
		issuedAt = now
	}
	// A session never has two tokens of one counter.
	jti := r.Session.String() + "." + strconv.FormatInt(int64(r.Counter), 10)
	return i.sign(refreshType, now, r.ExpiresAt, refreshClaims{
		registered: i.register(refreshAudience, r.User, r.Session, jti, issuedAt, r.ExpiresAt),
		Counter:    &r.Counter,
	})
}

// ReadRefresh verifies a refresh token. It returns ErrExpired for an expired token of ours, and ErrInvalid for any other that is
// not valid. Only the database knows whether its counter is the session's current one.
func (i *Issuer) ReadRefresh(text string) (Refresh, error) {
	payload, _, err := i.verify(refreshType, text)
	if err != nil {
		return Refresh{}, err
	}
	var c refreshClaims
	if err := decode(payload, &c); err != nil {
		return Refresh{}, err
	}
	user, session, err := i.check(c.registered, refreshAudience, i.clock())
	if err != nil {
		return Refresh{}, err
	}
	if c.Counter == nil || *c.Counter < 0 {
		return Refresh{}, ErrInvalid
	}
	return Refresh{
		User:      user,
		Session:   session,
		Counter:   *c.Counter,
		IssuedAt:  time.Unix(c.IssuedAt, 0).UTC(),
		ExpiresAt: time.Unix(c.ExpiresAt, 0).UTC(),
	}, nil
}
