package token

import (
	"crypto/rand"
	"slices"
	"time"
)

// AccessTTL returns the longest lifetime of an access token.
func (i *Issuer) AccessTTL() time.Duration { return i.cfg.AccessTTL }

// Access signs an access token. It expires after AccessTTL, or with the session if that ends earlier.
func (i *Issuer) Access(a Access, sessionEnd time.Time) (Signed, error) {
	now := i.clock()
	expiresAt := now.Add(i.cfg.AccessTTL)
	if sessionEnd.Before(expiresAt) {
		expiresAt = sessionEnd
	}
	return i.sign(accessType, now, expiresAt, accessClaims{
		registered:      i.register(accessAudience, a.User, a.Session, rand.Text(), now, expiresAt),
		Role:            a.Role,
		AMR:             a.AMR,
		AuthenticatedAt: a.AuthenticatedAt.Unix(),
		ClientID:        clientID,
		Generation:      a.Generation,
	})
}

// ReadAccess verifies an access token without the database. It returns ErrExpired for an expired token of ours, and ErrInvalid
// for any other that is not valid. The signature of a cached token is not checked again; its expiry and key always are. All
// readers of the token share its AMR: do not modify it.
func (i *Issuer) ReadAccess(text string) (Access, error) {
	if len(text) > maxLength {
		return Access{}, ErrInvalid
	}
	name := fingerprintOf(text)
	known, ok := i.cache.tokens.GetIfPresent(name)
	// If the key was removed, or its row holds another key, the token is verified from the start, and refused.
	if !ok || i.ring.Load().keys[known.key.id] != known.key {
		return i.readNewAccess(name, text)
	}
	if !i.clock().Before(known.access.ExpiresAt) {
		i.cache.tokens.Invalidate(name)
		return Access{}, ErrExpired
	}
	return known.access, nil
}

// readNewAccess verifies a token that is not cached, and caches it if it is valid.
func (i *Issuer) readNewAccess(name fingerprint, text string) (Access, error) {
	payload, key, err := i.verify(accessType, text)
	if err != nil {
		return Access{}, err
	}
	var c accessClaims
	if err := decode(payload, &c); err != nil {
		return Access{}, err
	}
	now := i.clock()
	user, session, err := i.check(c.registered, accessAudience, now)
	if err != nil {
		return Access{}, err
	}
	if c.Role == "" || len(c.AMR) == 0 || slices.Contains(c.AMR, "") || c.ClientID != clientID || !past(c.AuthenticatedAt, now) || c.Generation < 0 {
		return Access{}, ErrInvalid
	}
	access := Access{
		User:            user,
		Session:         session,
		Role:            c.Role,
		AMR:             c.AMR,
		AuthenticatedAt: time.Unix(c.AuthenticatedAt, 0).UTC(),
		Generation:      c.Generation,
		ExpiresAt:       time.Unix(c.ExpiresAt, 0).UTC(),
	}
	i.cache.tokens.Set(name, cached{access: access, key: key})
	return access, nil
}
