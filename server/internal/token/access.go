package token

import (
	"slices"
	"time"
)

// Access signs an access token. It ends after the configured time, or with the session when that ends earlier.
func (i *Issuer) Access(a Access, sessionEnd time.Time) (Signed, error) {
	now := i.clock()
	expiresAt := now.Add(i.cfg.AccessTTL)
	if sessionEnd.Before(expiresAt) {
		expiresAt = sessionEnd
	}
	return i.sign(accessType, expiresAt, accessClaims{
		registered:      i.register(accessAudience, a.User, a.Session, now, expiresAt),
		Role:            a.Role,
		AMR:             a.AMR,
		AuthenticatedAt: a.AuthenticatedAt.Unix(),
		ClientID:        clientID,
	})
}

// ReadAccess verifies an access token. It returns ErrExpired for one of ours whose time is over, and ErrInvalid for
// anything else that is not good.
func (i *Issuer) ReadAccess(text string) (Access, error) {
	payload, err := i.verify(accessType, text)
	if err != nil {
		return Access{}, err
	}
	var c accessClaims
	if err := decode(payload, &c); err != nil {
		return Access{}, err
	}
	user, session, err := c.check(i.cfg.Issuer, accessAudience, i.clock())
	if err != nil {
		return Access{}, err
	}
	if c.Role == "" || len(c.AMR) == 0 || slices.Contains(c.AMR, "") || c.ClientID != clientID ||
		!past(c.AuthenticatedAt, i.clock()) {
		return Access{}, ErrInvalid
	}
	return Access{
		User:            user,
		Session:         session,
		Role:            c.Role,
		AMR:             c.AMR,
		AuthenticatedAt: time.Unix(c.AuthenticatedAt, 0).UTC(),
		ExpiresAt:       time.Unix(c.ExpiresAt, 0).UTC(),
	}, nil
}
