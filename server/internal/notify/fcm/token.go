package fcm

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"
	"golang.org/x/sync/singleflight"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

// early is how long before its expiry a token is not used any more.
const early = time.Minute

// authorized adds a token of the service account to each request. Concurrent requests wait for one token, each within its own
// deadline.
type authorized struct {
	account jwt.Config
	http    *http.Client
	clock   func() time.Time
	fetch   singleflight.Group

	mu    sync.Mutex
	token *oauth2.Token
}

// RoundTrip sends a request with a token. The client's timeout includes the wait for the token.
func (a *authorized) RoundTrip(r *http.Request) (*http.Response, error) {
	token, err := a.get(r.Context())
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	r = r.Clone(r.Context())
	token.SetAuthHeader(r)
	return a.http.Transport.RoundTrip(r)
}

func (a *authorized) get(ctx context.Context) (*oauth2.Token, error) {
	if token := a.kept(); token != nil {
		return token, nil
	}
	result := a.fetch.DoChan("", func() (any, error) {
		if token := a.kept(); token != nil {
			return token, nil
		}
		// The client's timeout bounds the call. It serves all waiting requests, so it must not use the context of one of them:
		// neither its deadline nor its trace.
		ctx := context.WithValue(context.Background(), oauth2.HTTPClient, a.http)
		token, err := a.account.TokenSource(ctx).Token()
		if err != nil {
			return nil, tokenError(err)
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.token = token
		return token, nil
	})
	select {
	case got := <-result:
		if got.Err != nil {
			return nil, got.Err
		}
		token, _ := got.Val.(*oauth2.Token)
		return token, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (a *authorized) kept() *oauth2.Token {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token == nil || a.token.Expiry.Before(a.clock().Add(early)) {
		return nil
	}
	return a.token
}

// forget drops a token that was refused.
func (a *authorized) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.token = nil
}

func tokenError(err error) *notify.SendError {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) || refused.Response == nil {
		// Without a token, the message was not sent.
		return gateway.NoAnswer(Name, err, false)
	}
	class := gateway.ClassOf(refused.Response.StatusCode)
	if class == notify.Refused {
		// A refusal here concerns the service account.
		class = notify.Misconfigured
	}
	return notify.NewSendError(Name, class, "token "+http.StatusText(refused.Response.StatusCode))
}
