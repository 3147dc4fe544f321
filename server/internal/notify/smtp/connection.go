package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const (
	// callTimeout bounds a call whose context has no deadline.
	callTimeout = 12 * time.Second
	// A server sends some hundred bytes for each mail.
	maxAnswers = 64 << 10
)

// connection is an authenticated connection to the mail server. Each has its own client of the library, since that modifies
// itself while it authenticates.
type connection struct {
	client *gomail.Client
	raw    *guarded
	// idleSince is when its last mail was sent.
	idleSince time.Time
}

func (s *Sender) dial(ctx context.Context) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c := &connection{}
	secured := &tls.Config{ServerName: s.cfg.Host, RootCAs: s.cfg.RootCAs, MinVersion: tls.VersionTLS12}
	options := []gomail.Option{
		gomail.WithPort(s.cfg.Port),
		// The host name of this machine is private; recipients could read it.
		gomail.WithHELO(s.domain),
		gomail.WithTLSConfig(secured),
		gomail.WithTLSPolicy(gomail.NoTLS),
		// The library cancels its context when it returns, but the connection must stay open.
		gomail.WithDialContextFunc(func(_ context.Context, network, _ string) (net.Conn, error) {
			return c.open(ctx, network, s.cfg, secured)
		}),
	}
	if s.cfg.TLS == StartTLS {
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.cfg.User != "" {
		options = append(options,
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1),
			gomail.WithUsername(s.cfg.User), gomail.WithPassword(s.cfg.Password.Reveal()))
	}
	client, err := gomail.NewClient(s.cfg.Host, options...)
	if err != nil {
		return nil, err
	}
	c.client = client
	if err := client.DialWithContext(ctx); err != nil {
		// If the greeting, TLS or authentication fails, the library leaves the connection open.
		c.close()
		return nil, err
	}
	c.raw.free()
	return c, nil
}

// open connects. Until free is called, the connection ends with the context.
func (c *connection) open(ctx context.Context, network string, cfg Config, secured *tls.Config) (net.Conn, error) {
	plain, err := (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)))
	if err != nil {
		return nil, err
	}
	c.raw = &guarded{Conn: plain}
	c.raw.bind(ctx)
	if cfg.TLS != Implicit {
		return c.raw, nil
	}
	encrypted := tls.Client(c.raw, secured)
	if err := encrypted.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return encrypted, nil
}

// send sends one mail within the context's deadline.
func (c *connection) send(ctx context.Context, message *gomail.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c.raw.bind(ctx)
	defer c.raw.free()
	err := c.client.Send(message)
	var failure *gomail.SendError
	if errors.As(err, &failure) && failure.Reason == gomail.ErrSMTPReset {
		// The mail was accepted, and only the reset after it failed. The next mail will notice.
		return nil
	}
	return err
}

func (c *connection) close() {
	if c.raw != nil {
		c.raw.free()
		_ = c.raw.Close()
	}
}

// guarded is a connection that ends with a context and limits what it reads. It ignores the library's own deadlines, which do not
// know the context.
type guarded struct {
	net.Conn
	stop func() bool
	read atomic.Int64
}

var errTooMuch = errors.New("the mail server says too much")

// bind binds the connection to a context.
func (g *guarded) bind(ctx context.Context) {
	g.read.Store(0)
	g.stop = context.AfterFunc(ctx, func() { _ = g.Conn.SetDeadline(time.Unix(1, 0)) })
}

// free unbinds it.
func (g *guarded) free() {
	if g.stop != nil {
		g.stop()
	}
	_ = g.Conn.SetDeadline(time.Time{})
}

// Read reads until the limit is exceeded.
func (g *guarded) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if g.read.Add(int64(n)) > maxAnswers {
		return 0, errTooMuch
	}
	return n, err
}

// SetDeadline does nothing: bind sets the deadline.
func (*guarded) SetDeadline(time.Time) error { return nil }
