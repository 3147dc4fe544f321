package rpc

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// A defect must not cost the session: the tokens that the browser came with are spent.
func TestLG05_APanicKeepsWhatTheCallHasRenewed(t *testing.T) {
	t.Parallel()
	errs, _ := mapper()
	now := time.Now()
	tokens := session.Tokens{
		Access:  token.Signed{Text: secret.NewText("a.b.c"), ExpiresAt: now.Add(time.Hour)},
		Refresh: token.Signed{Text: secret.NewText("d.e.f"), ExpiresAt: now.Add(2 * time.Hour)},
	}
	renewing := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		browserFrom(r.Context()).keep(tokens)
		panic("zqx")
	})
	url, http2 := startServer(t, recovery{errors: errs, next: browsers{
		next: renewing, cookies: Cookies{SameSite: http.SameSiteLaxMode}, clock: func() time.Time { return now },
	}})

	for _, contentType := range []string{"application/json", "application/proto", "application/grpc", "application/grpc-web+proto"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set(SessionHeader, cookieMode)
		request.Header.Set("Content-Type", contentType)
		response, err := http2.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		want := []string{
			"latchkey-access=a.b.c; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax",
			"latchkey-refresh=d.e.f; Path=/; Max-Age=7200; HttpOnly; SameSite=Lax",
		}
		if diff := cmp.Diff(want, response.Header.Values("Set-Cookie")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", contentType, diff)
		}
	}
}

// A reason for tokens that is new has to be in the list, or their cookies stay after a sign-out. A wrong password is none.
func TestCK09_EveryRefusalOfTokensMeansThatTheyAreDead(t *testing.T) {
	t.Parallel()
	for reason, reply := range replies {
		ofTokens := reply.code == connect.CodeUnauthenticated && reason != latchkeyv1.Reason_REASON_CREDENTIALS_INVALID
		want := ofTokens || reason == latchkeyv1.Reason_REASON_ACCOUNT_DISABLED
		if got := isDead(fmt.Errorf("sign out: %w", fault.New(reason))); got != want {
			t.Errorf("%s: got %v", reason, got)
		}
	}
}

// Browsers count whole seconds, and a cookie must not go before its token does.
func TestCookiesLastAsLongAsTheirTokens(t *testing.T) {
	t.Parallel()
	for lives, want := range map[time.Duration]int{
		time.Hour: 3600, 1500 * time.Millisecond: 2, time.Millisecond: 1, 0: -1, -time.Second: -1, -1500 * time.Millisecond: -1,
	} {
		if got := (Cookies{}).cookie("a", "b", lives).MaxAge; got != want {
			t.Errorf("%v: Max-Age is %d, want %d", lives, got, want)
		}
	}
}
