package latchkeytest

import (
	"context"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// What a person does with the own account, once signed in.

// As gives a context in which calls carry the person's access token.
func (p *Person) As() context.Context {
	ctx, info := connect.NewClientContext(p.env.T.Context())
	info.RequestHeader().Set("Authorization", "Bearer "+p.Tokens.GetAccessToken())
	return ctx
}

// ChangesPassword gives the current password and a new one.
func (p *Person) ChangesPassword(chosen string) {
	p.env.T.Helper()
	_, err := p.env.Account.ChangePassword(p.As(), &latchkeyv1.ChangePasswordRequest{
		CurrentPassword: p.Password, NewPassword: chosen,
	})
	if err != nil {
		p.env.T.Fatalf("%s changes the password: %v", p.Email, err)
	}
	p.Password = chosen
}

// ResetsPassword sets a new password by a proof made for it.
func (p *Person) ResetsPassword(verification, chosen string) {
	p.env.T.Helper()
	_, err := p.env.Auth.ResetPassword(p.env.T.Context(), &latchkeyv1.ResetPasswordRequest{
		VerificationId: verification, NewPassword: chosen,
	})
	if err != nil {
		p.env.T.Fatalf("%s resets the password: %v", p.Email, err)
	}
	p.Password = chosen
}

// ResetsPasswordFails is refused a new password.
func (p *Person) ResetsPasswordFails(verification, chosen string, reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	p.env.T.Helper()
	_, err := p.env.Auth.ResetPassword(p.env.T.Context(), &latchkeyv1.ResetPasswordRequest{
		VerificationId: verification, NewPassword: chosen,
	})
	return p.env.Refused(err, reason)
}

// SignsInWithCode signs in by a proof made for it.
func (p *Person) SignsInWithCode(verification string) {
	p.env.T.Helper()
	answer, err := p.env.Auth.SignInWithCode(p.env.T.Context(), &latchkeyv1.SignInWithCodeRequest{VerificationId: verification})
	if err != nil {
		p.env.T.Fatalf("%s signs in with a code: %v", p.Email, err)
	}
	p.User, p.Tokens = answer.GetUser(), answer.GetTokens()
}

// SignsInByPhone signs in with a number, in any spelling, and the own password.
func (p *Person) SignsInByPhone(number string) {
	p.env.T.Helper()
	answer, err := p.env.Auth.SignIn(p.env.T.Context(), &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Phone{Phone: number}, Password: p.Password,
	})
	if err != nil {
		p.env.T.Fatalf("%s signs in by phone: %v", number, err)
	}
	p.User, p.Tokens = answer.GetUser(), answer.GetTokens()
}

// LosesSession sees that the person's token is refused.
func (p *Person) LosesSession(reason latchkeyv1.Reason) {
	p.env.T.Helper()
	p.env.SeesProfileFails("Bearer "+p.Tokens.GetAccessToken(), reason)
}

// AwaitsRefusal waits until the person's token is refused, as it is within a second of what other replicas do.
func (p *Person) AwaitsRefusal(reason latchkeyv1.Reason) {
	p.env.T.Helper()
	p.env.await("the token is refused for "+reason.String(), func() bool {
		_, err := p.env.Account.GetProfile(p.As(), &latchkeyv1.GetProfileRequest{})
		return Detail(err).GetReason() == reason
	})
}

// Activity lists what happened to the account, newest first.
func (p *Person) Activity() []string {
	p.env.T.Helper()
	answer, err := p.env.Account.ListActivity(p.As(), &latchkeyv1.ListActivityRequest{PageSize: 100})
	if err != nil {
		p.env.T.Fatalf("%s looks at the activity: %v", p.Email, err)
	}
	events := make([]string, 0, len(answer.GetActivity()))
	for _, a := range answer.GetActivity() {
		events = append(events, a.GetEvent())
	}
	return events
}

// ReadsNotice waits for the n-th message to the mailbox and gives its subject.
func (p *Person) ReadsNotice(n int) string {
	p.env.T.Helper()
	return p.env.AwaitMessage(p.Mailbox, n).Subject.Reveal()
}
