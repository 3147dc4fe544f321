// Package smtp sends mails with a mail server. It uses TLS with verified certificates, and never falls back to plain text
// silently. It authenticates, and reuses connections.
package smtp

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Name is the name of a mail server in rows.
const Name = "smtp"

// TLS is how a connection is protected.
type TLS string

// The modes.
const (
	// StartTLS begins in plain text, and continues only after switching to TLS, as usual on port 587.
	StartTLS TLS = "starttls"
	// Implicit is TLS from the first byte, as usual on port 465.
	Implicit TLS = "tls"
	// None is no protection. A password is then sent to this machine only.
	None TLS = "none"
)

// Config configures a mail server.
type Config struct {
	Host string `name:"smtp-host" placeholder:"HOST" help:"Mail server; mails go to the outbox when empty."`
	Port int    `name:"smtp-port" default:"587" placeholder:"PORT" help:"Port of the mail server."`
	TLS  TLS    `name:"smtp-tls" default:"starttls" placeholder:"WAY" help:"TLS of the connection to the mail server: starttls, tls (from the first byte, port 465) or none."`
	// User and Password are used if User is not empty.
	User     string      `name:"smtp-user" placeholder:"USER" help:"User at the mail server; no authentication when empty."`
	Password secret.Text `name:"smtp-password" placeholder:"PASSWORD" secret:"" help:"Password at the mail server."`
	// From is an address, or a name with an address.
	From  string           `name:"mail-from" placeholder:"ADDRESS" help:"Sender of mails, like Latchkey <no-reply@example.com>."`
	Clock func() time.Time `kong:"-"`
	// RootCAs are the trusted authorities; those of the machine if nil.
	RootCAs *x509.CertPool `kong:"-"`
}

// Sender sends mails with one mail server. Its methods may be called from many goroutines.
type Sender struct {
	cfg    Config
	from   *mail.Address
	domain string
	idle   *pool
}

// New returns a Sender. It does not connect.
func New(cfg Config) (*Sender, error) {
	from, domain, err := ParseFrom(cfg.From)
	if err != nil {
		return nil, fmt.Errorf("the sender's address %w", err)
	}
	return &Sender{cfg: cfg, from: from, domain: domain, idle: newPool(cfg.Clock)}, nil
}

// ParseFrom parses the address of a sender, like Latchkey <no-reply@example.com>, and also returns its domain.
func ParseFrom(text string) (address *mail.Address, domain string, err error) {
	address, err = mail.ParseAddress(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return nil, "", errors.New("is none; write it like Latchkey <no-reply@example.com>")
	}
	return address, address.Address[strings.LastIndex(address.Address, "@")+1:], nil
}

// SendMail sends a mail, on an open connection if there is one.
func (s *Sender) SendMail(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	message, err := s.compose(m)
	if err != nil {
		return notify.Receipt{}, err
	}
	for {
		c, reused := s.idle.take()
		if !reused {
			if c, err = s.dial(ctx); err != nil {
				return notify.Receipt{}, dialFailure(ctx, err)
			}
		}
		err = c.send(ctx, message)
		if err == nil {
			s.idle.put(c)
			return notify.Receipt{Provider: Name, ID: strings.Trim(message.GetMessageID(), "<>")}, nil
		}
		c.close()
		// The server has closed the idle connection. Nothing was sent.
		if reused && staleConnection(err) && ctx.Err() == nil {
			continue
		}
		return notify.Receipt{}, sendFailure(ctx, err)
	}
}

// Close closes the idle connections.
func (s *Sender) Close() { s.idle.close() }

// compose returns the mail. The library encodes what a header cannot contain, and refuses invalid addresses.
func (s *Sender) compose(m notify.Message) (*gomail.Msg, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(s.from)
	if strings.ContainsAny(m.To, "\r\n,;<>") || message.To(m.To) != nil {
		return nil, notify.NewSendError(Name, notify.Refused, "address")
	}
	message.Subject(m.Subject.Reveal())
	message.SetDateWithValue(s.cfg.Clock())
	// The same at each attempt, so that mail programs can recognize a duplicate.
	message.SetMessageIDWithValue(m.ID.String() + "@" + s.domain)
	// Keeps machines from answering (RFC 3834), including Exchange.
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetGenHeader("X-Auto-Response-Suppress", "All")
	message.SetBodyString(gomail.TypeTextPlain, m.Text.Reveal())
	if !m.HTML.Empty() {
		message.AddAlternativeString(gomail.TypeTextHTML, m.HTML.Reveal())
	}
	return message, nil
}
