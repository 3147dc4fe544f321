package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Refresh exchanges a refresh token for the next tokens of its session, and extends the session. It changes neither the time nor
// the method of authentication; the role is the user's current one.
//
// The previous token is accepted for some time, and gets the same successor, so that a session never has two chains of tokens
// (RFC 9700 section 4.14.2). The grace is for concurrent calls. The retry window is for a client that did not get the response;
// its use adds an entry to the activity. Once the current token was used to refresh, the response has arrived: from then on, the
// previous token is refused, as every older one always is, since it must be a copy. Then the session ends for every holder of its
// tokens. Refresh refuses with TOKEN_EXPIRED, TOKEN_INVALID, SESSION_REVOKED, ACCOUNT_DISABLED and REFRESH_REUSED.
func (s *Service) Refresh(ctx context.Context, text secret.Text, client Client) (Tokens, error) {
	presented, err := s.tokens.ReadRefresh(text.Reveal())
	switch {
	case errors.Is(err, token.ErrExpired):
		return Tokens{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_EXPIRED)
	case err != nil:
		return Tokens{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID).CausedBy(err)
	}
	tokens, err := s.renew(ctx, presented, client)
	if !db.NotFound(err) {
		return tokens, err
	}
	renewable, err := s.endIfReused(ctx, presented, client)
	if err != nil {
		return Tokens{}, err
	}
	if !renewable {
		return Tokens{}, fault.New(latchkeyv1.Reason_REASON_REFRESH_REUSED)
	}
	// The cause of the failure has gone: an administrator has just enabled the user again.
	tokens, err = s.renew(ctx, presented, client)
	if db.NotFound(err) {
		return Tokens{}, fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	}
	return tokens, err
}

func (s *Service) renew(ctx context.Context, presented token.Refresh, client Client) (Tokens, error) {
	now := s.db.Clock()
	row, err := s.q.RefreshSession(ctx, s.db, dbsqlc.RefreshSessionParams{
		ID:         uuid.UUID(presented.Session),
		UserID:     uuid.UUID(presented.User),
		Counter:    presented.Counter,
		Now:        now,
		NewEnd:     now.Add(s.cfg.RefreshTTL),
		AccessEnd:  now.Add(s.tokens.AccessTTL()),
		GraceStart: now.Add(-s.retryWindow()),
		UserAgent:  client.UserAgent,
		Ip:         client.IP,
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("renew a session: %w", err)
	}
	renewedAt := row.AuthenticatedAt
	if row.RefreshedAt != nil {
		renewedAt = *row.RefreshedAt
	}
	if row.RefreshCounter == presented.Counter+1 && !renewedAt.After(now.Add(-s.cfg.RefreshGrace)) {
		// The activity keeps a limited number of such entries, since a client may do this over and over.
		if err := s.audit.RecordFailure(ctx, audit.Entry{
			Event: audit.RefreshRetried, Actor: audit.User(presented.User), User: presented.User,
			IP: client.IP, UserAgent: client.UserAgent, Session: presented.Session, RequestID: client.RequestID,
		}, ""); err != nil {
			return Tokens{}, err
		}
	}
	return s.sign(holding{
		session:         row.ID,
		user:            row.UserID,
		role:            row.Role,
		generation:      row.Generation,
		amr:             row.Amr,
		authenticatedAt: lastAuthenticated(row),
		counter:         row.RefreshCounter,
		renewedAt:       renewedAt,
		expiresAt:       row.ExpiresAt,
		accessExpiresAt: row.AccessExpiresAt,
	})
}

// endIfReused determines why a session could not be renewed, and ends it if the token was used before. It reports whether another
// attempt can succeed.
func (s *Service) endIfReused(ctx context.Context, presented token.Refresh, client Client) (renewable bool, err error) {
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		renewable = false
		found, err := s.q.LockSession(ctx, tx, dbsqlc.LockSessionParams{
			ID: uuid.UUID(presented.Session), UserID: uuid.UUID(presented.User),
		})
		switch {
		case db.NotFound(err) || err == nil && !tx.Now.Before(found.Session.ExpiresAt):
			return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
		case err != nil:
			return fmt.Errorf("lock a session: %w", err)
		case found.DisabledAt != nil:
			return fault.New(latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
		}
		if s.honours(found.Session, presented.Counter, tx) {
			renewable = true
			return nil
		}
		if _, err := s.End(ctx, tx, presented.User, presented.Session); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			// The user, or a thief: a token that was replaced does not show which.
			Event: audit.RefreshReused, Actor: audit.Anonymous, User: presented.User,
			IP: client.IP, UserAgent: client.UserAgent, Session: id.Session(found.Session.ID), RequestID: client.RequestID,
		})
	})
	return renewable, err
}

// honours reports whether RefreshSession accepts a counter.
func (s *Service) honours(row dbsqlc.Session, counter int32, tx db.Tx) bool {
	return row.RefreshCounter == counter ||
		row.RefreshCounter == counter+1 && row.RefreshedAt != nil && row.RefreshedAt.After(tx.Now.Add(-s.retryWindow()))
}

func (s *Service) retryWindow() time.Duration {
	return max(s.cfg.RefreshGrace, s.cfg.RefreshRetryWindow)
}
