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

// dialFailure classifies an error before a mail: of the network, of TLS, or a server that refuses us.
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
		// The library has no type for it. An attacker on the network may have removed the offer, so the connection is not used.
		return notify.NewSendError(Name, notify.Misconfigured, "no STARTTLS")
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered), errors.Is(err, gosmtp.ErrUnencrypted),
		strings.HasPrefix(err.Error(), "server does not support"):
		return notify.NewSendError(Name, notify.Misconfigured, "no AUTH")
	default:
		return gateway.NoAnswer(Name, err, false)
	}
}

// sendFailure classifies the server's response to a mail. It drops the text, which repeats the address. The server is responsible
// for a mail once its final dot was sent (RFC 5321 section 4.1.1.4). Without a response to that, the outcome is ambiguous.
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

// classOf maps the responses of RFC 5321, by the command and by the enhanced code (RFC 3463).
func classOf(answered gomail.SendErrReason, status int, enhanced string) notify.Class {
	switch {
	case status < 500 && answered == gomail.ErrSMTPRcptTo:
		return notify.Deferred
	case status < 500:
		return notify.Busy
	case answered == gomail.ErrSMTPMailFrom,
		// Authentication is required.
		status == 530, status == 535, status == 538,
		// A policy, such as "no relaying"; the system; the day's quota, as Gmail reports it.
		strings.HasPrefix(enhanced, "5.7."), strings.HasPrefix(enhanced, "5.3."), enhanced == "5.4.5":
		return notify.Misconfigured
	default:
		return notify.Refused
	}
}

// staleConnection reports whether the connection was closed before the mail was offered.
func staleConnection(err error) bool {
	var failed *gomail.SendError
	return errors.As(err, &failed) && failed.Reason == gomail.ErrConnCheck
}
