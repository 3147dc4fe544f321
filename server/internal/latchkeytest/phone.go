package latchkeytest

import (
	"regexp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// ProvesPhone requests a code by SMS, reads it and enters it. The number is in E.164 form.
func (e *Env) ProvesPhone(number string, purpose latchkeyv1.Purpose) (verification string) {
	e.T.Helper()
	before, _ := e.Outbox.List(number)
	sent, err := e.Auth.SendCode(e.T.Context(), &latchkeyv1.SendCodeRequest{
		Purpose: purpose, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: number},
	})
	if err != nil {
		e.T.Fatalf("%s asks for a code: %v", number, err)
	}
	code := sixDigits.FindString(e.AwaitMessage(number, len(before)+1).Text.Reveal())
	if _, err := e.Auth.VerifyCode(e.T.Context(), verifyCode(sent.GetVerificationId(), code)); err != nil {
		e.T.Fatalf("%s enters a code: %v", number, err)
	}
	return sent.GetVerificationId()
}
