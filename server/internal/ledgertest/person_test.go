//go:build linux || darwin

package ledgertest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// world is a server with its users.
type world struct {
	server   *server
	provider *provider
	ledger   *ledger
	client   *http.Client
}

func (w *world) auth() latchkeyv1connect.AuthServiceClient {
	return latchkeyv1connect.NewAuthServiceClient(w.client, w.server.url(), connect.WithProtoJSON())
}

func (w *world) account() latchkeyv1connect.AccountServiceClient {
	return latchkeyv1connect.NewAccountServiceClient(w.client, w.server.url(), connect.WithProtoJSON())
}

// callTimeout is longer than the server's own.
const callTimeout = 20 * time.Second

// calling returns the context of a call. It does not end with the run, so that the outcome of a call is known.
func calling(token string) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	if token == "" {
		return ctx, cancel
	}
	ctx, info := connect.NewClientContext(ctx)
	info.RequestHeader().Set("Authorization", "Bearer "+token)
	return ctx, cancel
}

// answered reports whether an error is a refusal, which certainly has changed nothing. Any other error may have taken effect.
func answered(err error) (latchkeyv1.Reason, bool) {
	var answer *connect.Error
	if !errors.As(err, &answer) {
		return 0, false
	}
	switch answer.Code() {
	case connect.CodeUnavailable, connect.CodeDeadlineExceeded, connect.CodeCanceled, connect.CodeInternal, connect.CodeUnknown:
		return 0, false
	default:
		return latchkeytest.Detail(err).GetReason(), true
	}
}

// live lets one person after another sign up and use the account, until the context ends.
func (w *world) live(ctx context.Context, who int) {
	for n := 0; ctx.Err() == nil; n++ {
		phone := fmt.Sprintf("+8210%04d%04d", 1000+who, n)
		if w.signUp(ctx, phone) {
			w.use(ctx, phone)
		}
		// Pauses between attempts while the server is down.
		pause(ctx, 20*time.Millisecond)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func password(n int) string { return fmt.Sprintf("Correct-horse%d", n) }

// signUp reports whether a sign-up was acknowledged.
func (w *world) signUp(ctx context.Context, phone string) bool {
	call, done := calling("")
	sent, err := w.auth().SendCode(call, &latchkeyv1.SendCodeRequest{
		Purpose: latchkeyv1.Purpose_PURPOSE_SIGN_UP, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: phone},
	})
	done()
	if err != nil {
		w.failed("SendCode", phone, err)
		return false
	}
	w.ledger.codeSent(phone)
	code, ok := w.provider.code(ctx, phone)
	if !ok {
		return false // the end has come, or the code is with a server that was killed
	}
	call, done = calling("")
	_, err = w.auth().VerifyCode(call, &latchkeyv1.VerifyCodeRequest{VerificationId: sent.GetVerificationId(), Code: code})
	done()
	if err != nil {
		w.failed("VerifyCode", phone, err)
		return false
	}
	call, done = calling("")
	defer done()
	_, err = w.auth().SignUp(call, &latchkeyv1.SignUpRequest{
		Phone: phone, Name: "Ada Lovelace", Nickname: "ada" + phone[5:], Password: password(0), Role: "trainee",
		VerificationIds: []string{sent.GetVerificationId()},
	})
	if err != nil {
		w.failed("SignUp", phone, err)
		return false
	}
	w.ledger.signedUp(phone, password(0))
	return true
}

// use changes the password, signs in and signs out.
func (w *world) use(ctx context.Context, phone string) {
	current := password(0)
	for n := 1; n <= 2 && ctx.Err() == nil; n++ {
		session, ok := w.signIn(phone, current)
		if !ok {
			return
		}
		call, done := calling(session.access)
		_, err := w.account().ChangePassword(call, &latchkeyv1.ChangePasswordRequest{CurrentPassword: current, NewPassword: password(n)})
		done()
		if err != nil {
			if _, refused := answered(err); !refused {
				w.ledger.passwordUnknown(phone)
			}
			w.failed("ChangePassword", phone, err)
			return
		}
		w.ledger.passwordChanged(phone, current, password(n))
		current = password(n)

		call, done = calling(session.access)
		_, err = w.account().SignOut(call, &latchkeyv1.SignOutRequest{})
		done()
		if err != nil {
			w.failed("SignOut", phone, err)
			return
		}
		w.ledger.signedOut(phone, session)
	}
}

func (w *world) signIn(phone, password string) (tokens, bool) {
	call, done := calling("")
	defer done()
	answer, err := w.auth().SignIn(call, &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Phone{Phone: phone}, Password: password,
	})
	if err != nil {
		w.failed("SignIn", phone, err)
		return tokens{}, false
	}
	return tokens{answer.GetTokens().GetAccessToken(), answer.GetTokens().GetRefreshToken()}, true
}

// failed records a call that was not acknowledged. A refusal breaks a promise: these people do nothing that may be refused,
// except that they may overload the processor.
func (w *world) failed(name, phone string, err error) {
	reason, refused := answered(err)
	if refused && reason != latchkeyv1.Reason_REASON_BUSY {
		w.ledger.isBroken("%s of %s is refused for %s", name, phone, reason)
		return
	}
	// An unavailable database is no defect.
	if latchkeytest.Detail(err).GetReason() == latchkeyv1.Reason_REASON_INTERNAL {
		w.ledger.isBroken("%s of %s: %v", name, phone, err)
	}
	w.ledger.notAnswered(name)
}
