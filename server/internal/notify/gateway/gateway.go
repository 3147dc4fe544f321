// Package gateway is an HTTP client for providers of messages, whose responses it does not trust. It limits their time and size,
// follows no redirects, and puts nothing of a response into errors except a status or a code.
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
	// Timeout bounds a call, including reading the response. An attempt has time for two calls.
	Timeout = 5 * time.Second
	// The responses of all providers are below 2 KiB.
	maxAnswer  = 64 << 10
	maxHeaders = 32 << 10
)

// NewClient returns the client that calls providers. It uses the proxy from the environment, verifies certificates, and follows
// no redirects: the message must go to the configured host only.
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
			// A small response could decompress into a huge one.
			DisableCompression: true,
			ForceAttemptHTTP2:  true,
		}},
	}
}

// bounded limits the size of responses.
type bounded struct{ http.RoundTripper }

// RoundTrip makes reading a response fail beyond the limit.
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

// Read reads until the limit is exceeded.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// Gateway calls one provider.
type Gateway struct {
	provider string
	http     *http.Client
	clock    func() time.Time
}

// New returns a Gateway.
func New(provider string, clock func() time.Time) *Gateway {
	return &Gateway{provider: provider, http: NewClient(), clock: clock}
}

// Answer is a provider's response.
type Answer struct {
	Status int
	Body   []byte

	header http.Header
}

// Do calls the provider. It fails with a notify.SendError if there is no complete response.
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

// Error returns an error with the provider's code, or with the status if there is no code. For a busy provider, it includes the
// wait that the provider asks for.
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

// Unclear returns an error for a response that may be a success, although it does not look like one.
func (g *Gateway) Unclear(class notify.Class, code string) *notify.SendError {
	failure := notify.NewSendError(g.provider, class, code)
	failure.Ambiguous = true
	return failure
}
