package token

import (
	"fmt"
	"time"
)

// Refresh signs a refresh token that ends at r.ExpiresAt. Two that are signed for the same counter say the same, down to
// the jti: there is one successor of a token, however often it is handed out.
func (i *Issuer) Refresh(r Refresh) (Signed, error) {
	issuedAt := r.IssuedAt
	if issuedAt.IsZero() {
		issuedAt = i.clock()
	}
	claims := refreshClaims{
		registered: i.register(refreshAudience, r.User, r.Session, issuedAt, r.ExpiresAt),
		Counter:    &r.Counter,
	}
	claims.ID = fmt.Sprintf("%s.%d", r.Session, r.Counter)
	return i.sign(refreshType, r.ExpiresAt, claims)
}

// ReadRefresh verifies a refresh token. It returns ErrExpired for one of ours whose time is over, and ErrInvalid for
// anything else that is not good. Whether its counter is the session's, only the database knows.
func (i *Issuer) ReadRefresh(text string) (Refresh, error) {
	payload, err := i.verify(refreshType, text)
	if err != nil {
		return Refresh{}, err
	}
	var c refreshClaims
	if err := decode(payload, &c); err != nil {
		return Refresh{}, err
	}
	user, session, err := c.check(i.cfg.Issuer, refreshAudience, i.clock())
	if err != nil {
		return Refresh{}, err
	}
	if c.Counter == nil || *c.Counter < 0 {
		return Refresh{}, ErrInvalid
	}
	return Refresh{User: user, Session: session, Counter: *c.Counter, ExpiresAt: time.Unix(c.ExpiresAt, 0).UTC()}, nil
}
