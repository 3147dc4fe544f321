//go:build linux || darwin

package ledgertest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"
	"testing"
	"time"
)

// provider receives text messages for the people.
type provider struct {
	url string

	mu       sync.Mutex
	codes    map[string]string
	received map[string]int
	more     chan struct{}
}

func newProvider(t *testing.T) *provider {
	p := &provider{codes: map[string]string{}, received: map[string]int{}, more: make(chan struct{})}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// ServeHTTP receives one message.
func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var message struct{ To, Text string }
	if err := json.NewDecoder(r.Body).Decode(&message); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	code := sixDigits.FindString(message.Text)
	if code == "" {
		return // a notice
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes[message.To] = code
	p.received[message.To]++
	close(p.more)
	p.more = make(chan struct{})
}

// patience is how long a person waits for a code before giving up. The code of a killed server comes later.
const patience = 3 * time.Second

// code waits for the code to a number.
func (p *provider) code(ctx context.Context, phone string) (code string, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		p.mu.Lock()
		code, ok, more := p.codes[phone], p.codes[phone] != "", p.more
		p.mu.Unlock()
		if ok {
			return code, true
		}
		select {
		case <-more:
		case <-ctx.Done():
			return "", false
		}
	}
}

// delivered returns how often each number got a code.
func (p *provider) delivered() (people map[string]bool, again int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	people = make(map[string]bool, len(p.received))
	for phone, n := range p.received {
		people[phone] = true
		again += n - 1
	}
	return people, again
}
