package latchkeytest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
)

// Browser is a browser with an open page. It sends the origin of the page, uses cookie mode, and keeps cookies.
type Browser struct {
	env *Env
	// Page is the origin of the page; at first, the server's own.
	Page string
	Jar  *CookieJar
	// Auth and Account are the clients of the page. They speak Connect with JSON, unless Speaks has changed it.
	Auth    latchkeyv1connect.AuthServiceClient
	Account latchkeyv1connect.AccountServiceClient

	mu   sync.Mutex
	last Answer
}

// Answer is a response before a client has interpreted it.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Browser returns a browser with an empty cookie jar.
func (e *Env) Browser() *Browser {
	b := &Browser{env: e, Page: strings.TrimSuffix(e.PublicURL, "/"), Jar: newCookieJar(e.Clock.Now)}
	return b.Speaks(e.HTTP, connect.WithProtoJSON())
}

// Speaks makes the page use another protocol, over the connections of a client. It returns the browser.
func (b *Browser) Speaks(client *http.Client, options ...connect.ClientOption) *Browser {
	through := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		return b.send(client.Transport, r)
	}), Timeout: client.Timeout}
	b.Auth = latchkeyv1connect.NewAuthServiceClient(through, b.env.URL, options...)
	b.Account = latchkeyv1connect.NewAccountServiceClient(through, b.env.URL, options...)
	return b
}

// Copy returns a browser with the same cookies and the same page.
func (b *Browser) Copy() *Browser {
	copied := b.env.Browser()
	copied.Page, copied.Jar = b.Page, b.Jar.Clone()
	return copied
}

// For returns the same browser for a subtest.
func (b *Browser) For(t testing.TB) *Browser {
	same := b.env.For(t).Browser()
	same.Page, same.Jar = b.Page, b.Jar
	return same
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip sends a request.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (b *Browser) send(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	for _, h := range b.Headers(r.Method) {
		r.Header.Set(h[0], h[1])
	}
	r.Host = strings.TrimPrefix(strings.TrimPrefix(b.env.PublicURL, "https://"), "http://")
	response, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	if err := b.Jar.take(response.Header); err != nil {
		b.env.T.Errorf("%s: %v", r.URL.Path, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last = Answer{Status: response.StatusCode, Header: response.Header, Body: body}
	return response, nil
}

// Headers returns the headers that the browser and its page add to a request, as names and values.
func (b *Browser) Headers(method string) [][2]string {
	headers := [][2]string{{"Latchkey-Session", "cookie"}, {"Sec-Fetch-Site", b.site()}, {"Sec-Fetch-Mode", "cors"}}
	// For reads of its own page, a browser sends no Origin header (Fetch standard, section 3.2).
	if method == http.MethodPost || b.site() != "same-origin" {
		headers = append(headers, [2]string{"Origin", b.Page})
	}
	if cookies := b.Jar.Line(); cookies != "" {
		headers = append(headers, [2]string{"Cookie", cookies})
	}
	return headers
}

// site returns the value of Sec-Fetch-Site (Fetch Metadata, section 2.3). In tests, the hosts of one site end with the same two
// labels.
func (b *Browser) site() string {
	if b.Page == b.env.PublicURL {
		return "same-origin"
	}
	page, err := url.Parse(b.Page)
	server, err2 := url.Parse(b.env.PublicURL)
	if err != nil || err2 != nil || page.Scheme != server.Scheme || registrable(page.Hostname()) != registrable(server.Hostname()) {
		return "cross-site"
	}
	return "same-site"
}

func registrable(host string) string {
	names := strings.Split(host, ".")
	return strings.Join(names[max(0, len(names)-2):], ".")
}

// Last returns the newest response.
func (b *Browser) Last() Answer {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last
}

// SignsUp creates an account for a person, who proves the e-mail address in the same browser.
func (b *Browser) SignsUp(p *Person) *latchkeyv1.SignUpResponse {
	b.env.T.Helper()
	answer, err := b.Auth.SignUp(b.ctx(), p.Form(p.ProvesEmail(latchkeyv1.Purpose_PURPOSE_SIGN_UP)))
	if err != nil {
		b.env.T.Fatalf("%s signs up in a browser: %v", p.Email, err)
	}
	p.User = answer.GetUser()
	return answer
}

// SignsIn signs a person in.
func (b *Browser) SignsIn(p *Person) *latchkeyv1.SignInResponse {
	b.env.T.Helper()
	answer, err := b.Auth.SignIn(b.ctx(), p.signIn(p.Password))
	if err != nil {
		b.env.T.Fatalf("%s signs in in a browser: %v", p.Email, err)
	}
	return answer
}

// SignsInFails signs in with the person's own password, and expects an error.
func (b *Browser) SignsInFails(p *Person, reason latchkeyv1.Reason) {
	b.env.T.Helper()
	_, err := b.Auth.SignIn(b.ctx(), p.signIn(p.Password))
	b.env.Refused(err, reason)
}

// SeesProfile returns the profile of the signed-in user.
func (b *Browser) SeesProfile() *latchkeyv1.User {
	b.env.T.Helper()
	answer, err := b.Account.GetProfile(b.ctx(), &latchkeyv1.GetProfileRequest{})
	if err != nil {
		b.env.T.Fatalf("the page looks at the profile: %v", err)
	}
	return answer.GetUser()
}

// SeesProfileFails expects an error.
func (b *Browser) SeesProfileFails(reason latchkeyv1.Reason) {
	b.env.T.Helper()
	_, err := b.Account.GetProfile(b.ctx(), &latchkeyv1.GetProfileRequest{})
	b.env.Refused(err, reason)
}

// Renews requests new tokens.
func (b *Browser) Renews() *latchkeyv1.RefreshResponse {
	b.env.T.Helper()
	answer, err := b.Auth.Refresh(b.ctx(), &latchkeyv1.RefreshRequest{})
	if err != nil {
		b.env.T.Fatalf("the page renews the session: %v", err)
	}
	return answer
}

// SignsOut ends the session.
func (b *Browser) SignsOut() {
	b.env.T.Helper()
	if _, err := b.Account.SignOut(b.ctx(), &latchkeyv1.SignOutRequest{}); err != nil {
		b.env.T.Fatalf("the page signs out: %v", err)
	}
}

// SignsOutFails expects an error.
func (b *Browser) SignsOutFails(reason latchkeyv1.Reason) {
	b.env.T.Helper()
	_, err := b.Account.SignOut(b.ctx(), &latchkeyv1.SignOutRequest{})
	b.env.Refused(err, reason)
}

func (b *Browser) ctx() context.Context { return b.env.T.Context() }
