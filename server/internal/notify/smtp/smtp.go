// Package smtp hands mails to a mail server: over TLS that checks certificates and is never given up silently, with
// authentication, on connections that serve one mail after the other.
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

// Name is how rows call a mail server.
const Name = "smtp"

// TLS says how a connection is protected.
type TLS string

// The ways.
const (
	// StartTLS begins in clear and goes on only under TLS. It is the way of port 587.
	StartTLS TLS = "starttls"
	// Implicit is TLS from the first byte. It is the way of port 465.
	Implicit TLS = "tls"
	// None is no protection. A password is sent to this machine only.
	None TLS = "none"
)

// Config is how a mail server is reached.
type Config struct {
	Host string `name:"smtp-host" placeholder:"HOST" help:"Mail server; mails go to the outbox when empty."`
	Port int    `name:"smtp-port" default:"587" placeholder:"PORT" help:"Port of the mail server."`
	TLS  TLS    `name:"smtp-tls" default:"starttls" placeholder:"WAY" help:"How the mail server is spoken to: starttls, tls (from the first byte, port 465) or none."`
	// User and Password are given if User is not empty.
	User     string      `name:"smtp-user" placeholder:"USER" help:"User at the mail server; no authentication when empty."`
	Password secret.Text `name:"smtp-password" placeholder:"PASSWORD" secret:"" help:"Password at the mail server."`
	// From is an address, or a name and an address.
	From  string           `name:"mail-from" placeholder:"ADDRESS" help:"Sender of mails, like Latchkey <no-reply@example.com>."`
	Clock func() time.Time `kong:"-"`
	// RootCAs are the authorities to trust; the machine's when nil.
	RootCAs *x509.CertPool `kong:"-"`
}

// Sender is a mail server. Its methods may be called from many goroutines.
type Sender struct {
	cfg    Config
	from   *mail.Address
	domain string
	idle   *pool
}

// New makes a Sender. It connects to nobody.
func New(cfg Config) (*Sender, error) {
	from, domain, err := ParseFrom(cfg.From)
	if err != nil {
		return nil, fmt.Errorf("the sender's address %w", err)
	}
	return &Sender{cfg: cfg, from: from, domain: domain, idle: newPool(cfg.Clock)}, nil
}

// ParseFrom reads a sender's address, like Latchkey <no-reply@example.com>, and gives its domain too.
func ParseFrom(text string) (address *mail.Address, domain string, err error) {
	address, err = mail.ParseAddress(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		return nil, "", errors.New("is none; write it like Latchkey <no-reply@example.com>")
	}
	return address, address.Address[strings.LastIndex(address.Address, "@")+1:], nil
}

// SendMail hands a mail over, on a connection that is open already if there is one.
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
		// The server has closed a connection that was idle. Nothing was handed over.
		if reused && staleConnection(err) && ctx.Err() == nil {
			continue
		}
		return notify.Receipt{}, sendFailure(ctx, err)
	}
}

// Close closes the connections that are idle.
func (s *Sender) Close() { s.idle.close() }

// compose makes the mail. The library encodes what a header cannot hold, and refuses what no address can be.
func (s *Sender) compose(m notify.Message) (*gomail.Msg, error) {
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(s.from)
	if strings.ContainsAny(m.To, "\r\n,;<>") || message.To(m.To) != nil {
		return nil, notify.NewSendError(Name, notify.Refused, "address")
	}
	message.Subject(m.Subject.Reveal())
	message.SetDateWithValue(s.cfg.Clock())
	// The same at each try: a mail that arrives twice can be told to be one.
	message.SetMessageIDWithValue(m.ID.String() + "@" + s.domain)
	// Nobody's machine is to answer (RFC 3834), Exchange's neither.
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	message.SetGenHeader("X-Auto-Response-Suppress", "All")
	message.SetBodyString(gomail.TypeTextPlain, m.Text.Reveal())
	if !m.HTML.Empty() {
		message.AddAlternativeString(gomail.TypeTextHTML, m.HTML.Reveal())
	}
	return message, nil
}
