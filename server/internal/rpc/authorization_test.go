package rpc_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

func TestAZ01_AuthorizationHeaders(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	token := ada.Tokens.GetAccessToken()
	authorization := func(value string) header { return header{"Authorization", value} }
	const good = latchkeyv1.Reason_REASON_UNSPECIFIED

	for name, c := range map[string]struct {
		want    latchkeyv1.Reason
		headers []header
	}{
		"as usual":               {good, []header{authorization("Bearer " + token)}},
		"lower case":             {good, []header{authorization("bearer " + token)}},
		"upper case":             {good, []header{authorization("BEARER " + token)}},
		"none":                   {missing, nil},
		"empty":                  {bad, []header{authorization("")}},
		"the scheme alone":       {bad, []header{authorization("Bearer")}},
		"the scheme and a blank": {bad, []header{authorization("Bearer ")}},
		"the token alone":        {bad, []header{authorization(token)}},
		"two blanks":             {bad, []header{authorization("Bearer  " + token)}},
		"a tab":                  {bad, []header{authorization("Bearer\t" + token)}},
		"two words":              {bad, []header{authorization("Bearer " + token + " zqx")}},
		"a list":                 {bad, []header{authorization("Bearer " + token + ", Bearer " + token)}},
		"quoted":                 {bad, []header{authorization(`Bearer "` + token + `"`)}},
		"Basic":                  {bad, []header{authorization("Basic " + token)}},
		"DPoP":                   {bad, []header{authorization("DPoP " + token)}},
		"a parameter":            {bad, []header{authorization("Bearer token=" + token)}},
		"another signature":      {bad, []header{authorization("Bearer " + token[:strings.LastIndex(token, ".")+1] + "zqx")}},
		"no signature":           {bad, []header{authorization("Bearer " + token[:strings.LastIndex(token, ".")+1])}},
		"twice the same":         {bad, []header{authorization("Bearer " + token), authorization("Bearer " + token)}},
		"a good and a bad one":   {bad, []header{authorization("Bearer " + token), authorization("Bearer zqx")}},
		"a bad and a good one":   {bad, []header{authorization("Bearer zqx"), authorization("Bearer " + token)}},
		"another header":         {missing, []header{{"X-Authorization", "Bearer " + token}, {"Proxy-Authorization", "Bearer " + token}}},
		"a cookie":               {missing, []header{{"Cookie", "access_token=" + token + "; Authorization=Bearer " + token}}},
	} {
		if got := reasonOf(t, env, methods()["AccountService.GetProfile"], "{}", c.headers...); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	query := post(t, env, getProfile+"?access_token="+token, jsonType, []byte(`{"access_token":"`+token+`"}`))
	query.refused(t, http.StatusUnauthorized, missing, "")
}

func TestAZ05_OnlyTheTokenSaysWhoCalls(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()
	var claims []header
	for _, name := range []string{
		"X-User-ID", "X-User", "X-Username", "X-Forwarded-User", "X-Auth-Request-User", "X-Remote-User", "Remote-User",
		"X-Authenticated-User", "X-Original-User", "X-Impersonate-User", "Impersonate-User", "Latchkey-User", "X-Sub", "Sub",
	} {
		claims = append(claims, header{name, bob.User.GetId()})
	}
	for _, name := range []string{"X-Role", "X-User-Role", "X-Roles", "Role", "X-Forwarded-Groups", "Latchkey-Role", "X-Admin", "X-Internal"} {
		claims = append(claims, header{name, "admin"})
	}
	claims = append(claims, header{"X-Session-Id", "ses_0"}, header{"X-Forwarded-For", "127.0.0.1"}, header{"Forwarded", "for=127.0.0.1"},
		header{"X-Client-Cert", "zqx"}, header{"X-Original-URL", signIn}, header{"X-Rewrite-URL", signIn})

	got := post(t, env, getProfile, jsonType, []byte(`{"userId":"`+bob.User.GetId()+`"}`),
		append(claims, bearer(ada.Tokens.GetAccessToken()))...)

	if body := string(got.Body); got.Status != http.StatusOK || !strings.Contains(body, ada.User.GetId()) || strings.Contains(body, "bob") {
		t.Errorf("Ada sees %d %s", got.Status, body)
	}
	for name, method := range methods() {
		if !needsSession(method) {
			continue
		}
		if reason := reasonOf(t, env, method, "[", claims...); reason != missing {
			t.Errorf("%s lets claims in: %s", name, reason)
		}
		withToken := append(slices.Clone(claims), bearer(ada.Tokens.GetAccessToken()))
		if reason := reasonOf(t, env, method, "[", withToken...); reason != access[name].user {
			t.Errorf("%s: with claims a user gets %s, without %s", name, reason, access[name].user)
		}
	}
}
