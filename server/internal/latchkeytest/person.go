package latchkeytest

import (
	"context"
	"errors"
	"strings"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Password meets the classic policy.
const Password = "Correct-horse1"

// Person is a user of the server. A person knows what a user knows: their own identifiers, what they typed, and the server's
// responses.
type Person struct {
	env *Env
	// Email is the address that the person uses. Mail arrives at its canonical form.
	Email    string
	Mailbox  string
	Nickname string
	Password string
	// Tokens are the tokens of the newest session.
	Tokens *latchkeyv1.Tokens
	User   *latchkeyv1.User
	// codes counts the codes that were sent to the mailbox.
	codes int
}

// Person returns a person with an e-mail address.
func (e *Env) Person(email string) *Person {
	name, _, _ := strings.Cut(email, "@")
	return &Person{env: e, Email: email, Mailbox: strings.ToLower(email), Nickname: name, Password: Password}
}

// ID returns the id of the person's account, as the database has it.
func (p *Person) ID() [16]byte {
	p.env.T.Helper()
	user, err := id.ParseUser(p.User.GetId())
	if err != nil {
		p.env.T.Fatal(err)
	}
	return user
}

// AsksForCode requests a code by mail and returns the response.
func (p *Person) AsksForCode(purpose latchkeyv1.Purpose) *latchkeyv1.SendCodeResponse {
	p.env.T.Helper()
	sent, err := p.env.Auth.SendCode(p.asking(purpose), p.sendCode(purpose))
	if err != nil {
		p.env.T.Fatalf("%s asks for a code: %v", p.Email, err)
	}
	p.codes++
	return sent
}

// AsksForCodeFails requests a code, and expects an error.
func (p *Person) AsksForCodeFails(purpose latchkeyv1.Purpose, reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	p.env.T.Helper()
	_, err := p.env.Auth.SendCode(p.asking(purpose), p.sendCode(purpose))
	return p.env.Refused(err, reason)
}

// asking is the context of a request for a code. It has the session where the purpose needs one.
func (p *Person) asking(purpose latchkeyv1.Purpose) context.Context {
	if purpose == latchkeyv1.Purpose_PURPOSE_REAUTHENTICATE {
		return p.As()
	}
	return p.env.T.Context()
}

func (p *Person) sendCode(purpose latchkeyv1.Purpose) *latchkeyv1.SendCodeRequest {
	return &latchkeyv1.SendCodeRequest{Purpose: purpose, Contact: &latchkeyv1.SendCodeRequest_Email{Email: p.Email}}
}

// ReadsCode waits for the newest mail and finds the code in its text, as a user would.
func (p *Person) ReadsCode() string {
	p.env.T.Helper()
	mail := p.env.AwaitCode(p.Mailbox, p.codes)
	for word := range strings.FieldsFuncSeq(mail.Text.Reveal(), func(r rune) bool { return r < '0' || r > '9' }) {
		if len(word) == 6 {
			return word
		}
	}
	p.env.T.Fatalf("there is no code in the mail to %s", p.Mailbox)
	return ""
}

// EntersCode enters a code.
func (p *Person) EntersCode(verification, code string) {
	p.env.T.Helper()
	if _, err := p.env.Auth.VerifyCode(p.env.T.Context(), verifyCode(verification, code)); err != nil {
		p.env.T.Fatalf("%s enters a code: %v", p.Email, err)
	}
}

// EntersCodeFails enters a code, and expects an error.
func (p *Person) EntersCodeFails(verification, code string, reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	p.env.T.Helper()
	_, err := p.env.Auth.VerifyCode(p.env.T.Context(), verifyCode(verification, code))
	return p.env.Refused(err, reason)
}

func verifyCode(verification, code string) *latchkeyv1.VerifyCodeRequest {
	return &latchkeyv1.VerifyCodeRequest{VerificationId: verification, Code: code}
}

// ProvesEmail requests a code, reads the mail and enters the code.
func (p *Person) ProvesEmail(purpose latchkeyv1.Purpose) (verification string) {
	p.env.T.Helper()
	sent := p.AsksForCode(purpose)
	p.EntersCode(sent.GetVerificationId(), p.ReadsCode())
	return sent.GetVerificationId()
}

// Form returns the sign-up form as the person fills it in, with the given proofs.
func (p *Person) Form(verifications ...string) *latchkeyv1.SignUpRequest {
	return &latchkeyv1.SignUpRequest{
		Email:           p.Email,
		Name:            "Ada Lovelace",
		Nickname:        p.Nickname,
		Password:        p.Password,
		Role:            "trainee",
		VerificationIds: verifications,
	}
}

// SignsUp proves the address and creates an account.
func (p *Person) SignsUp() *latchkeyv1.SignUpResponse {
	p.env.T.Helper()
	return p.SendsForm(p.Form(p.ProvesEmail(latchkeyv1.Purpose_PURPOSE_SIGN_UP)))
}

// SendsForm creates an account with a valid form.
func (p *Person) SendsForm(form *latchkeyv1.SignUpRequest) *latchkeyv1.SignUpResponse {
	p.env.T.Helper()
	answer, err := p.env.Auth.SignUp(p.env.T.Context(), form)
	if err != nil {
		p.env.T.Fatalf("%s signs up: %v", p.Email, err)
	}
	p.User, p.Tokens = answer.GetUser(), answer.GetTokens()
	return answer
}

// SendsFormFails sends the form, and expects an error.
func (p *Person) SendsFormFails(form *latchkeyv1.SignUpRequest, reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	p.env.T.Helper()
	_, err := p.env.Auth.SignUp(p.env.T.Context(), form)
	return p.env.Refused(err, reason)
}

// SignsIn signs in with the person's own password.
func (p *Person) SignsIn() *latchkeyv1.SignInResponse {
	p.env.T.Helper()
	answer, err := p.env.Auth.SignIn(p.env.T.Context(), p.signIn(p.Password))
	if err != nil {
		p.env.T.Fatalf("%s signs in: %v", p.Email, err)
	}
	p.User, p.Tokens = answer.GetUser(), answer.GetTokens()
	return answer
}

// SignsInFails signs in with a password, and expects an error.
func (p *Person) SignsInFails(password string, reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	p.env.T.Helper()
	_, err := p.env.Auth.SignIn(p.env.T.Context(), p.signIn(password))
	return p.env.Refused(err, reason)
}

func (p *Person) signIn(password string) *latchkeyv1.SignInRequest {
	return &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Email{Email: p.Email}, Password: password,
	}
}

// SeesProfile returns the person's profile.
func (p *Person) SeesProfile() *latchkeyv1.User {
	p.env.T.Helper()
	ctx, info := connect.NewClientContext(p.env.T.Context())
	info.RequestHeader().Set("Authorization", "Bearer "+p.Tokens.GetAccessToken())
	answer, err := p.env.Account.GetProfile(ctx, &latchkeyv1.GetProfileRequest{})
	if err != nil {
		p.env.T.Fatalf("%s looks at the profile: %v", p.Email, err)
	}
	return answer.GetUser()
}

// SeesProfileFails sends an Authorization header, unless it is empty, and expects an error.
func (e *Env) SeesProfileFails(authorization string, reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	e.T.Helper()
	ctx, info := connect.NewClientContext(e.T.Context())
	if authorization != "" {
		info.RequestHeader().Set("Authorization", authorization)
	}
	_, err := e.Account.GetProfile(ctx, &latchkeyv1.GetProfileRequest{})
	return e.Refused(err, reason)
}

// Refused checks that an error has this reason, and the one detail that every error has. It returns the detail.
func (e *Env) Refused(err error, reason latchkeyv1.Reason) *latchkeyv1.ErrorDetail {
	e.T.Helper()
	detail := Detail(err)
	if detail == nil {
		e.T.Fatalf("got %v, want a refusal for %s", err, reason)
	}
	if detail.GetReason() != reason {
		e.T.Fatalf("refused for %s, want %s (%v)", detail.GetReason(), reason, err)
	}
	if !strings.HasPrefix(detail.GetRequestId(), "req_") {
		e.T.Errorf("the refusal has no request id: %v", detail)
	}
	return detail
}

// Detail returns the detail of an error, or nil.
func Detail(err error) *latchkeyv1.ErrorDetail {
	var answer *connect.Error
	if !errors.As(err, &answer) {
		return nil
	}
	for _, d := range answer.Details() {
		value, err := d.Value()
		if detail, ok := value.(*latchkeyv1.ErrorDetail); ok && err == nil {
			return detail
		}
	}
	return nil
}
