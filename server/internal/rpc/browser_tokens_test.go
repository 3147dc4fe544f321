package rpc_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// protocols are all that the port speaks.
var protocols = map[string]struct {
	options []connect.ClientOption
	http2   bool
}{
	"Connect JSON":         {options: []connect.ClientOption{connect.WithProtoJSON()}},
	"Connect GET":          {options: []connect.ClientOption{connect.WithProtoJSON(), connect.WithHTTPGet()}},
	"Connect":              {},
	"gRPC":                 {options: []connect.ClientOption{connect.WithGRPC()}, http2: true},
	"gRPC-Web":             {options: []connect.ClientOption{connect.WithGRPCWeb()}, http2: true},
	"gRPC-Web on HTTP/1.1": {options: []connect.ClientOption{connect.WithGRPCWeb()}},
}

func clientFor(env *latchkeytest.Env, http2 bool) *http.Client {
	if http2 {
		return env.HTTP2()
	}
	return env.HTTP
}

// handsOut calls each method that issues tokens, for a user with an account, except SignUp. Nil stands for a method that is not
// implemented yet.
var handsOut = map[string]func(t *testing.T, auth latchkeyv1connect.AuthServiceClient, p *latchkeytest.Person, refresh string) (*latchkeyv1.Tokens, error){
	"AuthService.SignUp": func(t *testing.T, auth latchkeyv1connect.AuthServiceClient, p *latchkeytest.Person, _ string) (*latchkeyv1.Tokens, error) {
		answer, err := auth.SignUp(t.Context(), p.Form(p.ProvesEmail(latchkeyv1.Purpose_PURPOSE_SIGN_UP)))
		p.User = answer.GetUser()
		return answer.GetTokens(), err
	},
	"AuthService.SignIn": func(t *testing.T, auth latchkeyv1connect.AuthServiceClient, p *latchkeytest.Person, _ string) (*latchkeyv1.Tokens, error) {
		answer, err := auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: p.Email}, Password: p.Password,
		})
		return answer.GetTokens(), err
	},
	"AuthService.SignInWithCode": func(t *testing.T, auth latchkeyv1connect.AuthServiceClient, p *latchkeytest.Person, _ string) (*latchkeyv1.Tokens, error) {
		answer, err := auth.SignInWithCode(t.Context(), &latchkeyv1.SignInWithCodeRequest{
			VerificationId: p.ProvesEmail(latchkeyv1.Purpose_PURPOSE_SIGN_IN),
		})
		return answer.GetTokens(), err
	},
	"AuthService.Refresh": func(t *testing.T, auth latchkeyv1connect.AuthServiceClient, _ *latchkeytest.Person, refresh string) (*latchkeyv1.Tokens, error) {
		answer, err := auth.Refresh(t.Context(), &latchkeyv1.RefreshRequest{RefreshToken: refresh})
		return answer.GetTokens(), err
	},
	"AuthService.FinishSocialSignUp": nil,
}

// inOrder is how one person can go through all of them.
var inOrder = []string{"AuthService.SignUp", "AuthService.SignIn", "AuthService.SignInWithCode", "AuthService.Refresh"}

func holdsTokens(message protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool) bool {
	if message.FullName() == (&latchkeyv1.Tokens{}).ProtoReflect().Descriptor().FullName() {
		return true
	}
	if seen[message.FullName()] {
		return false
	}
	seen[message.FullName()] = true
	for i := range message.Fields().Len() {
		if field := message.Fields().Get(i); field.Message() != nil && holdsTokens(field.Message(), seen) {
			return true
		}
	}
	return false
}

func TestSE12_BesideTheTokens(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(t *testing.T, env *latchkeytest.Env){
		"every method that hands out tokens is looked at": everyMethodIsLookedAt,
		"a refused sign-in sets no cookie":                aRefusedSignInSetsNoCookie,
		"Refresh takes the token from one place":          refreshTakesTheTokenFromOnePlace,
	})
}

// If a method that issues tokens is not in the table, no test checks where its tokens are sent.
func everyMethodIsLookedAt(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	for name, method := range methods() {
		call, listed := handsOut[name]
		if hands := holdsTokens(method.Output(), map[protoreflect.FullName]bool{}); hands != listed {
			t.Errorf("%s hands out tokens: %v; the table of this test lists it: %v", name, hands, listed)
		}
		if !listed || call != nil {
			continue
		}
		got := reasonOf(t, env, method, goodRequest(t, method, nil).String())
		if got != latchkeyv1.Reason_REASON_UNIMPLEMENTED {
			t.Errorf("%s is built, and answers %s: say in the table how it is called", name, got)
		}
	}
}

func TestSE12_TokensTravelInOneWay(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	n := 0
	for name, protocol := range protocols {
		n++
		address := fmt.Sprintf("%d@example.com", n)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := env.For(t)
			t.Run("in cookies alone", func(t *testing.T) {
				t.Parallel()
				env := env.For(t)
				browser := env.Browser().Speaks(clientFor(env, protocol.http2), protocol.options...)
				tokensTravelInCookies(t, browser, env.Person("c"+address))
			})
			t.Run("in messages alone", func(t *testing.T) {
				t.Parallel()
				env := env.For(t)
				wire := &wiretap{next: clientFor(env, protocol.http2).Transport}
				auth := latchkeyv1connect.NewAuthServiceClient(&http.Client{Transport: wire}, env.URL, protocol.options...)
				tokensTravelInMessages(t, wire, auth, env.Person("m"+address))
			})
		})
	}
}

func tokensTravelInCookies(t *testing.T, browser *latchkeytest.Browser, ada *latchkeytest.Person) {
	t.Helper()
	before := ""
	for _, method := range inOrder {
		tokens, err := handsOut[method](t, browser.Auth, ada, "")
		if err != nil {
			t.Fatalf("%s: %v", method, err)
		}
		if tokens.GetAccessToken() != "" || tokens.GetRefreshToken() != "" {
			t.Errorf("%s: a token stands in the message", method)
		}
		if tokens.GetAccessExpiresAt() == nil || tokens.GetRefreshExpiresAt() == nil {
			t.Errorf("%s: the message does not tell when the tokens end: %v", method, tokens)
		}
		access, refresh := browser.Jar.Value("latchkey-access"), browser.Jar.Value("latchkey-refresh")
		if access == before || strings.Count(access, ".") != 2 || strings.Count(refresh, ".") != 2 {
			t.Errorf("%s: the cookies hold %q and %q", method, access, refresh)
		}
		before = access
		answer := browser.Last()
		if n := len(answer.Header.Values("Set-Cookie")); n != 2 {
			t.Errorf("%s sets %d cookies", method, n)
		}
		answer.Header.Del("Set-Cookie")
		// By its signature: whatever may be around it.
		for _, token := range []string{access, refresh} {
			signature := []byte(token[strings.LastIndexByte(token, '.')+1:])
			if bytes.Contains(answer.Body, signature) || strings.Contains(fmt.Sprint(answer.Header), string(signature)) {
				t.Errorf("%s: a token stands outside of the cookies", method)
			}
		}
		if browser.SeesProfile().GetId() != ada.User.GetId() {
			t.Errorf("after %s the cookies belong to another user", method)
		}
		// The session of the replaced cookies is out of the owner's reach, and has ended.
		if answer, err := browser.Account.ListSessions(t.Context(), &latchkeyv1.ListSessionsRequest{}); err != nil || len(answer.GetSessions()) != 1 {
			t.Errorf("after %s there are the sessions %v, %v", method, answer.GetSessions(), err)
		}
	}
}

func tokensTravelInMessages(t *testing.T, wire *wiretap, auth latchkeyv1connect.AuthServiceClient, ada *latchkeytest.Person) {
	t.Helper()
	refresh := ""
	for _, method := range inOrder {
		tokens, err := handsOut[method](t, auth, ada, refresh)
		if err != nil {
			t.Fatalf("%s: %v", method, err)
		}
		if strings.Count(tokens.GetAccessToken(), ".") != 2 || strings.Count(tokens.GetRefreshToken(), ".") != 2 {
			t.Errorf("%s: the message holds %v", method, tokens)
		}
		refresh = tokens.GetRefreshToken()
		if set := wire.last.Values("Set-Cookie"); len(set) > 0 {
			t.Errorf("%s sets cookies: %q", method, set)
		}
		// A browser that was signed in sends its cookies along; they do not make this a call in cookie mode.
		wire.cookie = "latchkey-access=" + tokens.GetAccessToken() + "; latchkey-refresh=" + refresh
	}
}

// wiretap notes the header of the newest answer, and sends cookies along.
type wiretap struct {
	next   http.RoundTripper
	cookie string
	last   http.Header
}

// RoundTrip sends a request.
func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.cookie != "" {
		r.Header.Set("Cookie", w.cookie)
	}
	response, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	w.last = response.Header
	return response, nil
}

func aRefusedSignInSetsNoCookie(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	for name, protocol := range protocols {
		browser := env.Browser().Speaks(clientFor(env, protocol.http2), protocol.options...)
		browser.SignsInFails(env.Person("nobody@example.com"), latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
		if set := browser.Last().Header.Values("Set-Cookie"); len(set) > 0 {
			t.Errorf("%s sets %q", name, set)
		}
	}
}

func refreshTakesTheTokenFromOnePlace(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	ada, browser := env.Person("ada@example.com"), env.Browser()
	browser.SignsUp(ada)
	ada.SignsIn()
	body := func(token string) []byte { return fmt.Appendf(nil, `{"refreshToken":%q}`, token) }

	both := post(t, env, refreshPath, jsonType, body(ada.Tokens.GetRefreshToken()), headersOf(browser)...)
	both.refused(t, http.StatusBadRequest, invalid, "refresh_token.in_cookie")
	none := post(t, env, refreshPath, jsonType, body(""), header{"Cookie", browser.Jar.Line()})
	none.refused(t, http.StatusUnauthorized, missing, "")
	browser.Renews()
	if got := post(t, env, refreshPath, jsonType, body(ada.Tokens.GetRefreshToken())); got.Status != http.StatusOK {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
}
