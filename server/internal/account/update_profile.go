package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// UpdateProfileInput holds the fields to change; nil leaves a field unchanged.
type UpdateProfileInput struct {
	Name     *string
	Nickname *string
	Locale   *string
}

// UpdateProfile changes the given fields of the caller's account. A call that changes nothing writes nothing. It refuses with
// NICKNAME_TAKEN, TOO_MANY_ATTEMPTS and SESSION_REVOKED.
func (s *Service) UpdateProfile(ctx context.Context, caller Caller, in UpdateProfileInput) (dbsqlc.User, error) {
	change := dbsqlc.UpdateProfileParams{ID: uuid.UUID(caller.User), Locale: in.Locale}
	if in.Name != nil {
		name := norm.NFC.String(*in.Name)
		change.Name = &name
	}
	if in.Nickname != nil {
		nickname, key := norm.NFC.String(*in.Nickname), nicknameKey(*in.Nickname)
		change.Nickname, change.NicknameKey = &nickname, &key
		// The answer reveals whether another account has the nickname, as the duplicate check does.
		if err := s.chargeDiscovery(ctx, caller.Client); err != nil {
			return dbsqlc.User{}, err
		}
	}
	var user dbsqlc.User
	err := s.db.InTx(ctx, func(tx db.Tx) error {
		before, err := s.q.LockUser(ctx, tx, change.ID)
		if db.NotFound(err) {
			return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
		}
		if err != nil {
			return fmt.Errorf("lock the account: %w", err)
		}
		if user = before; !changes(before, change) {
			return nil
		}
		if err := s.limits.ChargeTx(ctx, tx, profileBudget.Of(caller.User.String())); err != nil {
			return err
		}
		if user, err = s.q.UpdateProfile(ctx, tx, change); err != nil {
			return asDuplicateFault(fmt.Errorf("update the profile: %w", err))
		}
		s.sessions.UserChanged(tx, caller.User)
		return audit.Record(ctx, tx, caller.entry(audit.ProfileChanged))
	})
	return user, err
}

// changes reports whether an account differs from the given values. The nickname's key follows from the nickname.
func changes(before dbsqlc.User, to dbsqlc.UpdateProfileParams) bool {
	differs := func(now string, given *string) bool { return given != nil && *given != now }
	return differs(before.Name, to.Name) || differs(before.Nickname, to.Nickname) || differs(before.Locale, to.Locale)
}
