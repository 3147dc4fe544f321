package latchkeytest

import (
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// What a person does with the own sessions.

// Twin returns the same person on another device, signed in there.
func (p *Person) Twin() *Person {
	p.env.T.Helper()
	twin := *p
	twin.SignsIn()
	return &twin
}

// Session returns the id of the session of the person's tokens.
func (p *Person) Session() string {
	p.env.T.Helper()
	for _, s := range p.ListsSessions() {
		if s.GetCurrent() {
			return s.GetId()
		}
	}
	p.env.T.Fatalf("%s has no session that is the current one", p.Email)
	return ""
}

// SignsOut ends the session.
func (p *Person) SignsOut() {
	p.env.T.Helper()
	if _, err := p.env.Account.SignOut(p.As(), &latchkeyv1.SignOutRequest{}); err != nil {
		p.env.T.Fatalf("%s signs out: %v", p.Email, err)
	}
}

// Refreshes exchanges the refresh token for the next tokens.
func (p *Person) Refreshes() *latchkeyv1.Tokens {
	p.env.T.Helper()
	answer, err := p.env.Auth.Refresh(p.env.T.Context(), &latchkeyv1.RefreshRequest{RefreshToken: p.Tokens.GetRefreshToken()})
	if err != nil {
		p.env.T.Fatalf("%s refreshes: %v", p.Email, err)
	}
	p.Tokens = answer.GetTokens()
	return p.Tokens
}

// AwaitsRefresh refreshes, or expects an error with a reason, as soon as the server has its database again.
func (p *Person) AwaitsRefresh(reason latchkeyv1.Reason) {
	p.env.T.Helper()
	p.env.await("a refresh ends with "+reason.String(), func() bool {
		answer, err := p.env.Auth.Refresh(p.env.T.Context(), &latchkeyv1.RefreshRequest{RefreshToken: p.Tokens.GetRefreshToken()})
		if err == nil {
			p.Tokens = answer.GetTokens()
		}
		return Detail(err).GetReason() == reason
	})
}

// RefreshesFails refreshes, and expects an error.
func (p *Person) RefreshesFails(reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	p.env.T.Helper()
	return p.env.RefreshFails(p.Tokens.GetRefreshToken(), reason)
}

// RefreshFails sends a text as refresh token, and expects an error.
func (e *Env) RefreshFails(text string, reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	e.T.Helper()
	_, err := e.Auth.Refresh(e.T.Context(), &latchkeyv1.RefreshRequest{RefreshToken: text})
	return e.Refused(err, reason)
}

// ListsSessions returns the person's active sessions.
func (p *Person) ListsSessions() []*latchkeyv1.Session {
	p.env.T.Helper()
	answer, err := p.env.Account.ListSessions(p.As(), &latchkeyv1.ListSessionsRequest{})
	if err != nil {
		p.env.T.Fatalf("%s lists the sessions: %v", p.Email, err)
	}
	return answer.GetSessions()
}

// RevokesSession ends one of the person's sessions.
func (p *Person) RevokesSession(session string) {
	p.env.T.Helper()
	if _, err := p.env.Account.RevokeSession(p.As(), &latchkeyv1.RevokeSessionRequest{SessionId: session}); err != nil {
		p.env.T.Fatalf("%s revokes a session: %v", p.Email, err)
	}
}

// RevokesSessionFails ends a session, and expects an error.
func (p *Person) RevokesSessionFails(session string, reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	p.env.T.Helper()
	_, err := p.env.Account.RevokeSession(p.As(), &latchkeyv1.RevokeSessionRequest{SessionId: session})
	return p.env.Refused(err, reason)
}

// RevokesOtherSessions ends all of the person's sessions except the current one.
func (p *Person) RevokesOtherSessions() {
	p.env.T.Helper()
	if _, err := p.env.Account.RevokeOtherSessions(p.As(), &latchkeyv1.RevokeOtherSessionsRequest{}); err != nil {
		p.env.T.Fatalf("%s revokes the other sessions: %v", p.Email, err)
	}
}

// LosesTokenWithin checks that the token stops working in time: a call that begins later than promised after its end must be
// refused. Calls are refused for one of these reasons, or because the server cannot ask its database.
func (p *Person) LosesTokenWithin(promised time.Duration, since db.Stopwatch, reasons ...latchkeyv1.Reason) {
	p.env.T.Helper()
	allowed := append(slices.Clone(reasons), latchkeyv1.Reason_REASON_DEPENDENCY_DOWN)
	p.env.await("the token is refused", func() bool {
		begins := since.Elapsed()
		_, err := p.env.Account.GetProfile(p.As(), &latchkeyv1.GetProfileRequest{})
		switch got := Detail(err).GetReason(); {
		case err == nil && begins > promised:
			p.env.T.Fatalf("a call is let in that begins %v after the end of its token", begins)
		case err != nil && !slices.Contains(allowed, got):
			p.env.T.Fatalf("refused for %s, want one of %v (%v)", got, reasons, err)
		}
		return err != nil
	})
}

// Reauthenticates verifies the password again, so that the session is recent.
func (p *Person) Reauthenticates() {
	p.env.T.Helper()
	if _, err := p.env.Account.Reauthenticate(p.As(), &latchkeyv1.ReauthenticateRequest{
		Evidence: &latchkeyv1.ReauthenticateRequest_Password{Password: p.Password},
	}); err != nil {
		p.env.T.Fatalf("%s reauthenticates: %v", p.Email, err)
	}
}

// DeletesAccount deletes the account. The session must be recent.
func (p *Person) DeletesAccount() {
	p.env.T.Helper()
	if _, err := p.env.Account.DeleteAccount(p.As(), &latchkeyv1.DeleteAccountRequest{}); err != nil {
		p.env.T.Fatalf("%s deletes the account: %v", p.Email, err)
	}
}
