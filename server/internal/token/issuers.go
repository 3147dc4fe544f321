package token

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

const (
	// A server records its issuer at the start, a minute later, and then every ten minutes. The second time detects servers that
	// started at the same moment.
	issuerSecondNote = time.Minute
	issuerInterval   = 10 * time.Minute
	// A server that recorded its issuer within this time may still run.
	issuerLasts = time.Hour
	// At the start, the server looks back as far as the default lifetime of sessions (LATCHKEY_SESSION_MAX_AGE): users may still
	// have tokens of the previous issuer, however long the server was stopped.
	issuerTokensLast = 30 * 24 * time.Hour
	// No token is valid for longer, by the limits of the settings.
	issuerForgotten = 400 * 24 * time.Hour
	// noteTimeout limits the statement, in case the database hangs.
	noteTimeout = 10 * time.Second
)

// noteIssuer records this server's issuer in the database. It logs a warning for each other issuer that was seen within a time
// and whose tokens this server refuses: such replicas sign each other's users out.
func (i *Issuer) noteIssuer(ctx context.Context, seenWithin time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, noteTimeout)
	defer cancel()
	now := i.clock()
	others, err := i.keys.q.NoteIssuer(ctx, i.keys.db, dbsqlc.NoteIssuerParams{
		Issuer: i.cfg.Issuer, Now: now, ForgetBefore: now.Add(-issuerForgotten), SeenSince: now.Add(-seenWithin),
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

// accepts reports whether an issuer is the current one or a former one.
func (i *Issuer) accepts(issuer string) bool {
	return issuer == i.cfg.Issuer || slices.Contains(i.cfg.FormerIssuers, issuer)
}
