// Package gateway speaks HTTP to providers of messages, and trusts none of their answers: they have a time and a size, are
// followed nowhere else, and nothing of them gets into an error but a status or a code.
package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

const (
	// Timeout bounds a call from its first byte to the last one of its answer. A try of a message has time for two.
	Timeout = 5 * time.Second
	// The answers of all providers are below 2 KiB.
	maxAnswer  = 64 << 10
	maxHeaders = 32 << 10
)

// NewClient makes the client that calls providers. It goes through the proxy that the environment names, checks
// certificates, and follows no redirect: the message must not go where nobody has configured.
func NewClient() *http.Client {
	return &http.Client{
		Timeout: Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
		Transport: bounded{&http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: 3 * time.Second}).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    3 * time.Second,
			MaxIdleConnsPerHost:    10,
			IdleConnTimeout:        time.Minute,
			MaxResponseHeaderBytes: maxHeaders,
			// A small answer could unfold into a huge one.
			DisableCompression: true,
			ForceAttemptHTTP2:  true,
		}},
	}
}

// bounded cuts answers off.
type bounded struct{ http.RoundTripper }

// RoundTrip fails the reading of an answer that goes past its size.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Body = &boundedBody{ReadCloser: response.Body, left: maxAnswer}
	}
	return response, err
}

var errTooLarge = errors.New("the answer is too large")

type boundedBody struct {
	io.ReadCloser
	left int
}

// Read reads until the answer is too large.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// Gateway is the way to one provider.
type Gateway struct {
	provider string
	http     *http.Client
	clock    func() time.Time
}

// New makes a Gateway.
func New(provider string, clock func() time.Time) *Gateway {
	return &Gateway{provider: provider, http: NewClient(), clock: clock}
}

// Answer is what a provider said.
type Answer struct {
	Status int
	Body   []byte

	header http.Header
}

// Do calls the provider. It fails with a notify.SendError when there is no whole answer.
func (g *Gateway) Do(ctx context.Context, r *http.Request) (Answer, error) {
	ctx, trace := WithTrace(ctx)
	response, err := g.http.Do(r.WithContext(ctx)) //nolint:gosec // the address is the operator's
	if err != nil {
		return Answer{}, NoAnswer(g.provider, err, trace.Started())
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, NoAnswer(g.provider, err, Ambiguous(response.StatusCode, false, response.Header))
	}
	return Answer{Status: response.StatusCode, Body: body, header: response.Header}, nil
}

// Error makes an error of the provider's: with its own code, or with the status when it has none. A provider that is busy
// is asked again when it wants to.
func (g *Gateway) Error(a Answer, class notify.Class, code string) *notify.SendError {
	ambiguous := Ambiguous(a.Status, code != "", a.header)
	if code == "" {
		code = http.StatusText(a.Status)
	}
	failure := notify.NewSendError(g.provider, class, code)
	failure.Ambiguous = ambiguous
	if class == notify.Busy {
		failure.RetryAfter = RetryAfter(a.header, g.clock())
	}
	return failure
}

// Unclear makes an error of an answer that may be a success, although it does not look like one.
func (g *Gateway) Unclear(class notify.Class, code string) *notify.SendError {
	failure := notify.NewSendError(g.provider, class, code)
	failure.Ambiguous = true
	return failure
}
