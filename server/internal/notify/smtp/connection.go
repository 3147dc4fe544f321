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
	// callTimeout bounds a call whose context does not.
	callTimeout = 12 * time.Second
	// A server says some hundred bytes for each mail.
	maxAnswers = 64 << 10
)

// connection is one to the mail server, authenticated. Each has a client of the library of its own: that one changes itself
// while it authenticates.
type connection struct {
	client *gomail.Client
	raw    *guarded
	// idleSince is when its last mail was done.
	idleSince time.Time
}

func (s *Sender) dial(ctx context.Context) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c := &connection{}
	secured := &tls.Config{ServerName: s.cfg.Host, RootCAs: s.cfg.RootCAs, MinVersion: tls.VersionTLS12}
	options := []gomail.Option{
		gomail.WithPort(s.cfg.Port),
		// Nobody needs to know what this machine is called; recipients can read it.
		gomail.WithHELO(s.domain),
		gomail.WithTLSConfig(secured),
		gomail.WithTLSPolicy(gomail.NoTLS),
		// The library's context ends when it returns, and the connection is not to end with it.
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
		// The library leaves a connection open whose greeting, TLS or authentication failed.
		c.close()
		return nil, err
	}
	c.raw.free()
	return c, nil
}

// open connects, and sees to it that the connection ends with the context until it is freed.
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

// send hands one mail over, within the context's time.
func (c *connection) send(ctx context.Context, message *gomail.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c.raw.bind(ctx)
	defer c.raw.free()
	err := c.client.Send(message)
	var failure *gomail.SendError
	if errors.As(err, &failure) && failure.Reason == gomail.ErrSMTPReset {
		// The mail was taken, and only what comes after it failed. The next mail will find out.
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

// guarded is a connection that ends with a context and reads no more than it should. The library's own deadlines, which know
// no context, do not count.
type guarded struct {
	net.Conn
	stop func() bool
	read atomic.Int64
}

var errTooMuch = errors.New("the mail server says too much")

// bind ties the connection to a context.
func (g *guarded) bind(ctx context.Context) {
	g.read.Store(0)
	g.stop = context.AfterFunc(ctx, func() { _ = g.Conn.SetDeadline(time.Unix(1, 0)) })
}

// free unties it.
func (g *guarded) free() {
	if g.stop != nil {
		g.stop()
	}
	_ = g.Conn.SetDeadline(time.Time{})
}

// Read reads until the server has said too much.
func (g *guarded) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if g.read.Add(int64(n)) > maxAnswers {
		return 0, errTooMuch
	}
	return n, err
}

// SetDeadline does nothing: bind sets it.
func (*guarded) SetDeadline(time.Time) error { return nil }
