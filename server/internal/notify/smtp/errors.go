package smtp

import (
	"context"
	"errors"
	"net/textproto"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
	gosmtp "github.com/wneessen/go-mail/smtp"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

// dialFailure reads what kept us from a connection: the network, TLS, or a server that refuses us.
func dialFailure(ctx context.Context, err error) *notify.SendError {
	var said *textproto.Error
	switch {
	case errors.As(err, &said) && said.Code < 500:
		return notify.NewSendError(Name, notify.Busy, strconv.Itoa(said.Code))
	case errors.As(err, &said):
		return notify.NewSendError(Name, notify.Misconfigured, strconv.Itoa(said.Code))
	case ctx.Err() != nil:
		return notify.NewSendError(Name, notify.Unreachable, "timeout")
	case strings.HasPrefix(err.Error(), "STARTTLS mode"):
		// The library has no type for it. Somebody on the way may have taken the offer out, so there is no going on.
		return notify.NewSendError(Name, notify.Misconfigured, "no STARTTLS")
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered), errors.Is(err, gosmtp.ErrUnencrypted),
		strings.HasPrefix(err.Error(), "server does not support"):
		return notify.NewSendError(Name, notify.Misconfigured, "no AUTH")
	default:
		return gateway.NoAnswer(Name, err, false)
	}
}

// sendFailure reads what a server said of a mail. Its words stay behind: they repeat the address. A mail belongs to the server
// once its final dot has gone out (RFC 5321 section 4.1.1.4): without an answer to it, the outcome is ambiguous.
func sendFailure(ctx context.Context, err error) *notify.SendError {
	var failed *gomail.SendError
	if !errors.As(err, &failed) || failed.ErrorCode() == 0 {
		ended := failed != nil && failed.Reason == gomail.ErrSMTPDataClose
		if ctx.Err() != nil {
			err = context.DeadlineExceeded
		}
		return gateway.NoAnswer(Name, err, ended)
	}
	status, enhanced := failed.ErrorCode(), failed.EnhancedStatusCode()
	return notify.NewSendError(Name, classOf(failed.Reason, status, enhanced), strings.TrimSpace(strconv.Itoa(status)+" "+enhanced))
}

// classOf sorts the answers of RFC 5321 by what they answer to, and by their enhanced code (RFC 3463).
func classOf(answered gomail.SendErrReason, status int, enhanced string) notify.Class {
	switch {
	case status < 500 && answered == gomail.ErrSMTPRcptTo:
		return notify.Deferred
	case status < 500:
		return notify.Busy
	case answered == gomail.ErrSMTPMailFrom,
		// Authentication is missing.
		status == 530, status == 535, status == 538,
		// A policy, such as "no relaying"; the system; the day's quota, as Gmail tells it.
		strings.HasPrefix(enhanced, "5.7."), strings.HasPrefix(enhanced, "5.3."), enhanced == "5.4.5":
		return notify.Misconfigured
	default:
		return notify.Refused
	}
}

// staleConnection tells that the connection was gone before the mail was offered.
func staleConnection(err error) bool {
	var failed *gomail.SendError
	return errors.As(err, &failed) && failed.Reason == gomail.ErrConnCheck
}
