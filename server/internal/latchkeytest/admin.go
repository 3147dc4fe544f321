package latchkeytest

import (
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// Administrator returns a person whose account has the role admin, set by a statement, as an operator does for the first one.
func (e *Env) Administrator(email string) *Person {
	e.T.Helper()
	p := e.Person(email)
	p.SignsUp()
	if _, err := e.DB.Exec(e.T.Context(), "UPDATE users SET role = 'admin' WHERE email = $1", p.Mailbox); err != nil {
		e.T.Fatal(err)
	}
	p.SignsIn()
	return p
}

// Disables disables another person's account.
func (p *Person) Disables(other *Person) *latchkeyv1.User {
	p.env.T.Helper()
	answer, err := p.env.Admin.Disable(p.As(), &latchkeyv1.DisableRequest{UserId: other.User.GetId(), Reason: "for a test"})
	if err != nil {
		p.env.T.Fatalf("%s disables %s: %v", p.Email, other.Email, err)
	}
	return answer.GetUser()
}

// Enables enables another person's account.
func (p *Person) Enables(other *Person) *latchkeyv1.User {
	p.env.T.Helper()
	answer, err := p.env.Admin.Enable(p.As(), &latchkeyv1.EnableRequest{UserId: other.User.GetId()})
	if err != nil {
		p.env.T.Fatalf("%s enables %s: %v", p.Email, other.Email, err)
	}
	return answer.GetUser()
}

// SetsRole sets the role of another person's account.
func (p *Person) SetsRole(other *Person, role string) *latchkeyv1.User {
	p.env.T.Helper()
	answer, err := p.env.Admin.SetRole(p.As(), &latchkeyv1.SetRoleRequest{UserId: other.User.GetId(), Role: role})
	if err != nil {
		p.env.T.Fatalf("%s makes %s %s: %v", p.Email, other.Email, role, err)
	}
	return answer.GetUser()
}

// EndsSessionsOf ends every session of another person.
func (p *Person) EndsSessionsOf(other *Person) {
	p.env.T.Helper()
	if _, err := p.env.Admin.RevokeSessions(p.As(), &latchkeyv1.RevokeSessionsRequest{UserId: other.User.GetId()}); err != nil {
		p.env.T.Fatalf("%s ends the sessions of %s: %v", p.Email, other.Email, err)
	}
}
