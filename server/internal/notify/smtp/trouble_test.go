package smtp_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/smtp"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Passwords and mails are sent only to servers with a valid certificate.
func TestAP09_BadCertificatesAreRefused(t *testing.T) {
	t.Parallel()

	ca, stranger := newAuthority(t), newAuthority(t)
	good := time.Now().Add(time.Hour)
	for _, way := range []smtp.TLS{smtp.StartTLS, smtp.Implicit} {
		for name, issued := range map[string]struct {
			by    authority
			host  string
			until time.Time
		}{
			"of another authority": {stranger, "127.0.0.1", good},
			"for another name":     {ca, "mail.example.com", good},
			"expired":              {ca, "127.0.0.1", time.Now().Add(-time.Hour)},
		} {
			certificate := issued.by.issue(t, issued.host, issued.until)
			server := serve(t, way, &certificate)
			server.roots = ca.pool()
			failed := failure(t, sender(t, server, way), t.Context())
			if failed.Class != notify.Unreachable || failed.Code != "certificate" {
				t.Errorf("%s, %s: %v", way, name, failed)
			}
			if _, mails := server.count(); mails != 0 || len(server.logins) != 0 {
				t.Errorf("%s, %s: %d mails, logins %v", way, name, mails, server.logins)
			}
		}
	}
}

// Without TLS, nothing goes out: there is no falling back to clear text.
func TestAP09_WithoutTLSNothingIsSent(t *testing.T) {
	t.Parallel()

	for way, code := range map[smtp.TLS]string{smtp.StartTLS: "no STARTTLS", smtp.Implicit: "no TLS"} {
		server := serve(t, smtp.None, nil)
		if failed := failure(t, sender(t, server, way), t.Context()); failed.Code != code {
			t.Errorf("%s: %v", way, failed)
		}
		if _, mails := server.count(); mails != 0 || len(server.logins) != 0 {
			t.Errorf("%s: %d mails, logins %v", way, mails, server.logins)
		}
	}
}

// A server without TLS is used only if the settings say so.
func TestMailsInClearAreForThoseWhoSaySo(t *testing.T) {
	t.Parallel()

	server := serve(t, smtp.None, nil)
	if _, err := sender(t, server, smtp.None).SendMail(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	if server.last().tls || len(server.logins) != 1 {
		t.Errorf("encrypted %t, logins %v", server.last().tls, server.logins)
	}
	anonymous := sender(t, server, smtp.None, func(c *smtp.Config) { c.User = "" })
	if _, err := anonymous.SendMail(t.Context(), message()); err != nil || len(server.logins) != 1 {
		t.Errorf("without a user: %v, logins %v", err, server.logins)
	}
}

func TestWhatAServerAnswersIsSorted(t *testing.T) {
	t.Parallel()

	type enhanced = gosmtp.EnhancedCode
	for name, c := range map[string]struct {
		change func(*server)
		class  notify.Class
		code   string
	}{
		"no such mailbox":           {func(s *server) { s.onRcpt = says(550, enhanced{5, 1, 1}, "<ada@example.com> no such user") }, notify.Refused, "550 5.1.1"},
		"greylisted":                {func(s *server) { s.onRcpt = says(451, enhanced{4, 7, 1}, "<ada@example.com> try again") }, notify.Deferred, "451 4.7.1"},
		"relaying denied":           {func(s *server) { s.onRcpt = says(554, enhanced{5, 7, 1}, "relay access denied") }, notify.Misconfigured, "554 5.7.1"},
		"our sender is refused":     {func(s *server) { s.onMail = says(553, enhanced{5, 1, 8}, "sender rejected") }, notify.Misconfigured, "553 5.1.8"},
		"the server is full":        {func(s *server) { s.onMail = says(452, enhanced{4, 3, 1}, "insufficient storage") }, notify.Busy, "452 4.3.1"},
		"the content is refused":    {func(s *server) { s.onData = says(554, enhanced{5, 6, 0}, "code 042917 looks bad") }, notify.Refused, "554 5.6.0"},
		"the day's quota":           {func(s *server) { s.onData = says(550, enhanced{5, 4, 5}, "daily sending limit exceeded") }, notify.Misconfigured, "550 5.4.5"},
		"not now":                   {func(s *server) { s.onData = says(421, enhanced{4, 7, 0}, "closing") }, notify.Busy, "421 4.7.0"},
		"the greeting says later":   {func(s *server) { s.onConnect = says(421, enhanced{4, 3, 2}, "too many connections") }, notify.Busy, "421"},
		"the greeting says go away": {func(s *server) { s.onConnect = says(554, enhanced{5, 7, 1}, "blocked") }, notify.Misconfigured, "554"},
	} {
		server := trusted(t, smtp.StartTLS, c.change)
		made := sender(t, server, smtp.StartTLS)
		if failed := failure(t, made, t.Context()); failed.Class != c.class || failed.Code != c.code {
			t.Errorf("%s: %v, want %s (%s)", name, failed, c.class, c.code)
		}
		// The next mail has a connection of its own.
		server.onConnect, server.onMail, server.onRcpt, server.onData = nil, nil, nil, nil
		if _, err := made.SendMail(t.Context(), message()); err != nil {
			t.Errorf("%s: afterwards: %v", name, err)
		}
	}
}

func TestAWrongPasswordIsAMisconfiguration(t *testing.T) {
	t.Parallel()

	server := trusted(t, smtp.StartTLS)
	made := sender(t, server, smtp.StartTLS, func(c *smtp.Config) { c.Password = secret.NewText("wrong") })
	if failed := failure(t, made, t.Context()); failed.Class != notify.Misconfigured || failed.Code != "535" {
		t.Errorf("%v", failed)
	}
}

// However a server hangs, it holds a worker no longer than the try has time.
func TestAHangingServerIsLeftInTime(t *testing.T) {
	t.Parallel()

	// Enough to reach the command on a busy machine.
	const patience = 1500 * time.Millisecond
	stuck := make(chan struct{})
	// Before the servers wait for their talks to end.
	defer close(stuck)
	for _, command := range []string{"EHLO", "AUTH", "MAIL", "RCPT", "DATA"} {
		server := trusted(t, smtp.StartTLS, func(s *server) {
			s.before = func(got string) {
				if got == command {
					<-stuck
				}
			}
		})
		made := sender(t, server, smtp.StartTLS)
		// It hangs once it has the whole mail, and then it may have taken it.
		if failed := leaves(t, "at "+command, patience, made); failed.Ambiguous != (command == "DATA") {
			t.Errorf("at %s, the outcome is ambiguous: %t", command, failed.Ambiguous)
		}
	}
	silent := script(t, func(net.Conn) { <-stuck })
	for _, way := range []smtp.TLS{smtp.StartTLS, smtp.Implicit} {
		_ = leaves(t, "silent, "+string(way), patience, sender(t, &server{port: silent}, way))
	}
	// One byte at a time, each in time.
	trickling := script(t, func(conn net.Conn) {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stuck:
				return
			case <-tick.C:
				if _, err := conn.Write([]byte("2")); err != nil {
					return
				}
			}
		}
	})
	_ = leaves(t, "trickling", patience, sender(t, &server{port: trickling}, smtp.StartTLS))
}

func leaves(t *testing.T, name string, within time.Duration, made *smtp.Sender) *notify.SendError {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	begun := time.Now()
	failed := failure(t, made, ctx)
	if took := time.Since(begun); took > within+15*time.Second || failed.Class != notify.Unreachable || failed.Code != "timeout" {
		t.Errorf("%s: after %v: %v", name, took, failed)
	}
	return failed
}

// A server that is gone before the mail has ended has none of it; one that is gone before it could answer may have it. An answer
// that refuses the mail is one.
func TestAMailThatHasEndedMayHaveBeenTaken(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		answers   map[string]string
		ambiguous bool
	}{
		"gone at the beginning of the mail": {map[string]string{"DATA": ""}, false},
		"gone at its end":                   {map[string]string{"DATA": "354 go on\r\n", ".": ""}, true},
		"nonsense at its end":               {map[string]string{"DATA": "354 go on\r\n", ".": "hello\r\n"}, true},
		"refused at its end":                {map[string]string{"DATA": "354 go on\r\n", ".": "554 no\r\n"}, false},
		"busy at its end":                   {map[string]string{"DATA": "354 go on\r\n", ".": "451 later\r\n"}, false},
	} {
		port := script(t, func(conn net.Conn) {
			_, _ = conn.Write([]byte("220 mail.test\r\n"))
			lines := bufio.NewScanner(conn)
			for lines.Scan() {
				word, _, _ := strings.Cut(lines.Text(), " ")
				answer, scripted := c.answers[word]
				switch {
				case scripted && answer == "":
					return
				case scripted:
					_, _ = conn.Write([]byte(answer))
				case word == "EHLO", word == "MAIL", word == "RCPT", word == "NOOP", word == "RSET":
					_, _ = conn.Write([]byte("250 ok\r\n"))
				}
			}
		})
		made := sender(t, &server{port: port}, smtp.None, func(c *smtp.Config) { c.User = "" })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if failed := failure(t, made, ctx); failed.Ambiguous != c.ambiguous {
			t.Errorf("%s: %v", name, failed)
		}
		cancel()
	}
}

// A server that never ends its answer fills no memory.
func TestAServerThatSaysTooMuchIsLeft(t *testing.T) {
	t.Parallel()

	var said atomic.Int64
	for name, talk := range map[string]func(net.Conn){
		"one endless line": func(conn net.Conn) {
			for {
				n, err := conn.Write([]byte(strings.Repeat("2", 4096)))
				said.Add(int64(n))
				if err != nil {
					return
				}
			}
		},
		"endless lines": func(conn net.Conn) {
			for {
				n, err := fmt.Fprint(conn, strings.Repeat("220-mail.test\r\n", 100))
				said.Add(int64(n))
				if err != nil {
					return
				}
			}
		},
	} {
		said.Store(0)
		failed := failure(t, sender(t, &server{port: script(t, talk)}, smtp.StartTLS), t.Context())
		if failed.Class != notify.Unreachable {
			t.Errorf("%s: %v", name, failed)
		}
		// What the network holds in between counts too.
		if said.Load() > 32<<20 {
			t.Errorf("%s: %d bytes were taken", name, said.Load())
		}
	}
}

func TestNonsenseIsNoAnswer(t *testing.T) {
	t.Parallel()

	for name, answer := range map[string]string{
		"HTTP": "HTTP/1.1 200 OK\r\n\r\n", "nothing": "", "half a line": "220 mail", "zeros": "\x00\x00\x00\r\n", "no number": "hello 042917\r\n",
	} {
		port := script(t, func(conn net.Conn) {
			_, _ = conn.Write([]byte(answer))
			_, _ = bufio.NewReader(conn).ReadString('\n')
		})
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		if failed := failure(t, sender(t, &server{port: port}, smtp.StartTLS), ctx); failed.Class != notify.Unreachable {
			t.Errorf("%s: %v", name, failed)
		}
		cancel()
	}
}

func TestNoServer(t *testing.T) {
	t.Parallel()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if failed := failure(t, sender(t, &server{port: port}, smtp.StartTLS), t.Context()); failed.Class != notify.Unreachable || failed.Code != "connection" {
		t.Errorf("%v", failed)
	}
	// The mail was taken, and the server is gone before it could say more.
	gone := trusted(t, smtp.StartTLS)
	made := sender(t, gone, smtp.StartTLS)
	if _, err := made.SendMail(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	gone.hangUp()
	if _, err := made.SendMail(t.Context(), message()); err != nil {
		t.Errorf("after the server hung up: %v", err)
	}
}
