package token

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

const (
	// A server notes its issuer at the start, a minute later, and rarely after that. The second note finds servers that have
	// started at the same moment.
	issuerSecondNote = time.Minute
	issuerInterval   = 10 * time.Minute
	// A server that was seen so lately may still run.
	issuerLasts = time.Hour
	// No token lives for longer than this, by the limits of the settings. Then nobody needs to know of an issuer.
	issuerForgotten = 400 * 24 * time.Hour
	// noteTimeout ends a note that a database does not answer.
	noteTimeout = 10 * time.Second
)

// noteIssuer notes in the database that this server makes tokens as its issuer, and warns of another issuer whose tokens are
// refused here: replicas then sign each other's users out.
func (i *Issuer) noteIssuer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, noteTimeout)
	defer cancel()
	now := i.clock()
	others, err := i.keys.q.NoteIssuer(ctx, i.keys.db, dbsqlc.NoteIssuerParams{
		Issuer: i.cfg.Issuer, Now: now, ForgetBefore: now.Add(-issuerForgotten), SeenSince: now.Add(-issuerLasts),
	})
	if err != nil {
		return fmt.Errorf("note the issuer of tokens: %w", err)
	}
	for _, other := range others {
		if i.accepts(other.Issuer) {
			continue
		}
		i.cfg.Log.WarnContext(ctx, "another issuer makes tokens on the same database, and they are refused here: "+
			"give all servers the same LATCHKEY_PUBLIC_URL; after a change of it, name the old one in LATCHKEY_FORMER_ISSUERS",
			"issuer", i.cfg.Issuer, "other", other.Issuer, "other_last_seen", other.LastSeenAt)
	}
	return nil
}

// accepts reports whether tokens of an issuer are good here: the present one, and those that were the present one before.
func (i *Issuer) accepts(issuer string) bool {
	return issuer == i.cfg.Issuer || slices.Contains(i.cfg.FormerIssuers, issuer)
}
