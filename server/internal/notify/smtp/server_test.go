package smtp_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"github.com/latchkey-auth/latchkey/server/internal/notify/smtp"
)

// server is a real mail server on loopback.
type server struct {
	port  int
	roots *x509.CertPool

	mu          sync.Mutex
	mails       []received
	connections int
	logins      []string
	live        map[*gosmtp.Conn]bool
	// What it answers instead of taking a mail.
	onConnect, onMail, onRcpt, onData error
	// before is called with each command's name.
	before func(command string)
}

// received is a mail as it arrived.
type received struct {
	from, to string
	data     []byte
	tls      bool
}

// authority issues certificates that its pool trusts.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert: cert, key: key}
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// issue returns a certificate for a name or an address, valid until a time.
func (a authority) issue(t *testing.T, host string, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host}, NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

const (
	user     = "latchkey@example.com"
	password = "an app password"
)

// serve runs a server for the rest of the test. Without a certificate it offers no TLS.
func serve(t *testing.T, way smtp.TLS, certificate *tls.Certificate, change ...func(*server)) *server {
	t.Helper()
	s := &server{live: map[*gosmtp.Conn]bool{}}
	for _, c := range change {
		c(s)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	speaker := gosmtp.NewServer(s)
	speaker.Domain = "mail.test"
	speaker.AllowInsecureAuth = true
	speaker.ErrorLog = silence{}
	if certificate != nil {
		cfg := &tls.Config{Certificates: []tls.Certificate{*certificate}}
		if way == smtp.Implicit {
			listener = tls.NewListener(listener, cfg)
		} else {
			speaker.TLSConfig = cfg
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = speaker.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = speaker.Close()
		<-done
	})
	return s
}

// silence is a log of what clients do wrong, on purpose here.
type silence struct{}

// Printf says nothing.
func (silence) Printf(string, ...any) {}

// Println says nothing.
func (silence) Println(...any) {}

// trusted runs a server whose certificate is good.
func trusted(t *testing.T, way smtp.TLS, change ...func(*server)) *server {
	t.Helper()
	ca := newAuthority(t)
	certificate := ca.issue(t, "127.0.0.1", time.Now().Add(time.Hour))
	s := serve(t, way, &certificate, change...)
	s.roots = ca.pool()
	return s
}

func (s *server) asked(command string) {
	if s.before != nil {
		s.before(command)
	}
}

// NewSession greets a client.
func (s *server) NewSession(c *gosmtp.Conn) (gosmtp.Session, error) {
	s.asked("EHLO")
	if s.onConnect != nil {
		return nil, s.onConnect
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// Under STARTTLS a client greets twice.
	if !s.live[c] {
		s.live[c] = true
		s.connections++
	}
	return &session{server: s, conn: c}, nil
}

func (s *server) count() (connections, mails int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections, len(s.mails)
}

func (s *server) last() received {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.mails) == 0 {
		return received{}
	}
	return s.mails[len(s.mails)-1]
}

// hangUp closes the connections of all clients.
func (s *server) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.live {
		_ = c.Conn().Close()
		delete(s.live, c)
	}
}

type session struct {
	server *server
	conn   *gosmtp.Conn
	mail   received
	user   string
}

// AuthMechanisms offers one.
func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth checks a password.
func (s *session) Auth(string) (sasl.Server, error) {
	s.server.asked("AUTH")
	return sasl.NewPlainServer(func(_, name, secret string) error {
		if name != user || secret != password {
			return gosmtp.ErrAuthFailed
		}
		s.user = name
		s.server.mu.Lock()
		defer s.server.mu.Unlock()
		s.server.logins = append(s.server.logins, name)
		return nil
	}), nil
}

// Mail begins a mail.
func (s *session) Mail(from string, _ *gosmtp.MailOptions) error {
	s.server.asked("MAIL")
	_, encrypted := s.conn.TLSConnectionState()
	s.mail = received{from: from, tls: encrypted}
	return s.server.onMail
}

// Rcpt takes a recipient.
func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.server.asked("RCPT")
	s.mail.to = to
	return s.server.onRcpt
}

// Data takes the mail itself.
func (s *session) Data(r io.Reader) error {
	s.server.asked("DATA")
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.server.onData != nil {
		return s.server.onData
	}
	s.mail.data = data
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, s.mail)
	return nil
}

// Reset forgets a mail.
func (s *session) Reset() { s.mail = received{} }

// Logout ends the session.
func (*session) Logout() error { return nil }

func says(code int, enhanced gosmtp.EnhancedCode, text string) error {
	return &gosmtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

// script runs a server that handles each connection with a function, without any SMTP of its own.
func script(t *testing.T, talk func(net.Conn)) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			conn, err := listener.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				continue
			}
			talks.Go(func() {
				defer func() { _ = conn.Close() }()
				talk(conn)
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		talks.Wait()
	})
	return listener.Addr().(*net.TCPAddr).Port
}
