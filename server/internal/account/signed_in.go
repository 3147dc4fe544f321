package account

import (
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// User is an account as stored, without its password.
type User = dbsqlc.User

// SignedIn is an account whose owner has just signed in.
type SignedIn struct {
	User   User
	Tokens session.Tokens
}

// signedIn signs the tokens after the transaction was committed.
func (s *Service) signedIn(user dbsqlc.User, started session.Started) (SignedIn, error) {
	tokens, err := s.sessions.Tokens(started)
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{User: user, Tokens: tokens}, nil
}
