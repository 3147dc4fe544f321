// Package gatewaytest is a provider on this machine, for tests of its clients.
package gatewaytest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Server gives configured responses, and records requests.
type Server struct {
	URL string

	mu     sync.Mutex
	asked  []Request
	answer http.HandlerFunc
}

// Request is a recorded request.
type Request struct {
	*http.Request
	Text string
}

// New starts a Server that runs until the test ends.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.asked = append(s.asked, Request{Request: r, Text: string(text)})
		answer := s.answer
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Answers sets the response from now on.
func (s *Server) Answers(status int, body string, headers ...string) {
	s.Does(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// Does sets the handler from now on.
func (s *Server) Does(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// Asked returns all requests so far.
func (s *Server) Asked() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// SMS returns a message whose text contains every character that could break out of quotes or markup.
func SMS(to string) notify.Message {
	return notify.Message{
		ID: uuid.New(), Channel: notify.SMS, To: to,
		Text: secret.NewText("[Latchkey] 인증번호 042917 \"'&<>=%\\\n{{.}}"), Code: secret.NewText("042917"),
	}
}

// Failure returns the SendError in err. It fails the test if there is none, or if its text reveals the message.
func Failure(t testing.TB, err error) *notify.SendError {
	t.Helper()
	var failure *notify.SendError
	if !errors.As(err, &failure) {
		t.Fatalf("it ends with %v", err)
	}
	for _, text := range []string{"042917", "1012345678", "1234-5678", "token-of-a-device", "secret"} {
		if strings.Contains(failure.Error(), text) {
			t.Errorf("the error holds %q: %v", text, failure)
		}
	}
	return failure
}

// definite are the hostile responses that mean that the message was not accepted.
var definite = map[string]bool{"an error in prose": true, "an error with a code": true, "a redirect": true}

// Hostile tries a sender on malformed and hostile responses. None of them may succeed, delay the caller, or get into the error.
// If a response leaves the outcome open, the error must be ambiguous.
func Hostile(t *testing.T, s *Server, send func(context.Context) error) {
	t.Helper()
	elsewhere := New(t)
	elsewhere.Answers(http.StatusOK, "{}")
	hold := make(chan struct{})
	defer close(hold)
	var taken atomic.Int64
	for name, answer := range map[string]http.HandlerFunc{
		"nothing":              func(http.ResponseWriter, *http.Request) {},
		"not JSON":             says(http.StatusOK, "your code 042917 goes to 01012345678"),
		"half of JSON":         says(http.StatusOK, `{"messageId":"1","statusCode":"2000"`),
		"other JSON":           says(http.StatusOK, `[1,2,3]`),
		"null":                 says(http.StatusOK, `null`),
		"of other types":       says(http.StatusOK, `{"statusCode":{"a":1},"sid":[],"name":7,"requestId":{}}`),
		"HTML":                 says(http.StatusBadGateway, "<html>042917</html>"),
		"an error in prose":    says(http.StatusBadRequest, "cannot send 042917 to 01012345678"),
		"an error with a code": says(http.StatusBadRequest, `{"errorCode":"042917 to 01012345678","code":"042917","error":{"errorCode":"01012345678","status":"042917"}}`),
		"no content":           says(http.StatusNoContent, ""),
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		},
		"a huge answer": func(w http.ResponseWriter, _ *http.Request) {
			for {
				n, err := io.WriteString(w, strings.Repeat(" ", 1<<16))
				taken.Add(int64(n))
				if err != nil {
					return
				}
			}
		},
		"huge headers": func(w http.ResponseWriter, _ *http.Request) {
			for i := range 1000 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 1000))
			}
		},
		"a lie about its length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "{}")
		},
		"a compressed answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "\x1f\x8b\x08\x00")
		},
		"a connection that is cut": func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.Close()
			}
		},
		"silence": func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-hold:
			case <-r.Context().Done():
			}
		},
		"an answer that never ends": func(w http.ResponseWriter, r *http.Request) {
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-hold:
					return
				case <-r.Context().Done():
					return
				case <-tick.C:
					_, _ = io.WriteString(w, " ")
					_ = http.NewResponseController(w).Flush()
				}
			}
		},
	} {
		s.Does(answer)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		begun := time.Now()
		err := send(ctx)
		cancel()
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("%s: it took %v", name, took)
		}
		if err == nil {
			t.Errorf("%s: it passes for a success", name)
			continue
		}
		if failure := Failure(t, err); failure.Ambiguous == definite[name] {
			t.Errorf("%s: the outcome is ambiguous: %t", name, failure.Ambiguous)
		}
	}
	// This includes what the network buffers.
	if n := taken.Load(); n > 32<<20 {
		t.Errorf("of a huge answer, %d bytes were taken", n)
	}
	if len(elsewhere.Asked()) != 0 {
		t.Error("the message was sent elsewhere")
	}
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}
