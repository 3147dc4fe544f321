package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/smtp"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// senders holds the sender of each channel. A channel without a configured provider uses the outbox.
type senders struct {
	mail notify.MailSender
	sms  notify.SMSSender
	push notify.PushSender
	// close closes connections, after the last message was sent.
	close func()
}

func newSenders(ctx context.Context, s settings.Settings, outbox *notify.Outbox, clock db.Clock) (senders, error) {
	out := senders{mail: outbox, sms: outbox, push: outbox, close: func() {}}
	if s.SMTP.Host != "" {
		s.SMTP.Clock = clock
		mail, err := smtp.New(s.SMTP)
		if err != nil {
			return senders{}, fmt.Errorf("set up mail: %w", err)
		}
		out.mail, out.close = mail, mail.Close
	}
	if s.SMS.Provider != "" {
		s.SMS.Clock = clock
		texts, err := sms.New(s.SMS)
		if err != nil {
			return senders{}, err
		}
		out.sms = texts
	}
	if !s.FCM.Credentials.Empty() {
		s.FCM.Clock = clock
		push, err := fcm.New(ctx, s.FCM)
		if err != nil {
			return senders{}, fmt.Errorf("set up push: %w", err)
		}
		out.push = push
	}
	return out, nil
}

// leaves describes which messages leave the machine, and by which provider; empty if none do.
func leaves(s settings.Settings) string {
	var channels []string
	if s.SMTP.Host != "" {
		channels = append(channels, "mail by "+s.SMTP.Host)
	}
	if s.SMS.Provider != "" {
		channels = append(channels, "SMS by "+s.SMS.Provider)
	}
	if !s.FCM.Credentials.Empty() {
		channels = append(channels, "push by "+fcm.Name)
	}
	return strings.Join(channels, ", ")
}

// A fixed code without an end would be a forgotten way to sign in.
const fixedCodesLast = 366 * 24 * time.Hour

// fixedCodes returns the contacts with a fixed code, and logs a warning: such a code allows to sign in as its contact.
func fixedCodes(ctx context.Context, s settings.Settings, now time.Time, log *slog.Logger) (verification.FixedCodes, error) {
	fixed := s.Fixed()
	switch {
	case len(fixed.Codes) == 0:
		return fixed, nil
	case fixed.Until.Sub(now) > fixedCodesLast:
		return fixed, fmt.Errorf("LATCHKEY_FIXED_CODES_UNTIL: %s is more than a year away", s.Codes.FixedCodesUntil)
	case !now.Before(fixed.Until):
		log.WarnContext(ctx, "the fixed codes have ended, and are ignored", "until", s.Codes.FixedCodesUntil)
		return verification.FixedCodes{}, nil
	}
	for c := range fixed.Codes {
		log.WarnContext(ctx, "a contact has a fixed code: with it, anyone can sign in as that contact", "contact", c.Value, "until", s.Codes.FixedCodesUntil)
	}
	return fixed, nil
}
