package app_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const keySetPath = "/.well-known/jwks.json"

// Another service has only the key set and the standard library.
func TestJW10_OthersVerifyTokensWithPublicKeysOnly(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	answer, err := env.Auth.SignUp(t.Context(), ada.Form(ada.ProvesEmail(latchkeyv1.Purpose_PURPOSE_SIGN_UP)))
	if err != nil {
		t.Fatal(err)
	}
	access := answer.GetTokens().GetAccessToken()

	_, body := get(t, env, keySetPath)
	var set struct {
		Keys []struct{ Kty, Crv, X, Y, Kid, Alg, Use string }
	}
	if err := json.Unmarshal([]byte(body), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("the key set is %s: %v", body, err)
	}
	jwk := set.Keys[0]
	if jwk.Kty != "EC" || jwk.Crv != "P-256" || jwk.Alg != "ES256" || jwk.Use != "sig" {
		t.Errorf("the key is %+v", jwk)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, decode(t, jwk.X), decode(t, jwk.Y)))
	if err != nil {
		t.Fatal(err)
	}

	three := strings.Split(access, ".")
	var header struct{ Alg, Kid, Typ string }
	if err := json.Unmarshal(decode(t, three[0]), &header); err != nil || header.Kid != jwk.Kid || header.Typ != "at+jwt" {
		t.Errorf("the header is %+v: %v", header, err)
	}
	sum, signature := sha256.Sum256([]byte(three[0]+"."+three[1])), decode(t, three[2])
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature is not good")
	}
	var claims struct {
		Iss, Sub, Aud, Jti string
		ClientID           string `json:"client_id"`
	}
	if err := json.Unmarshal(decode(t, three[1]), &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Iss != latchkeytest.PublicURL || claims.Sub != answer.GetUser().GetId() || claims.Aud != "latchkey" ||
		claims.Jti == "" || claims.ClientID != "latchkey" {
		t.Errorf("the claims are %+v", claims)
	}
}

func TestJW10_TheKeySetMayBeCopiedForAWhile(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)

	response, body := get(t, env, keySetPath)
	header := response.Header
	for name, want := range map[string]string{
		"Content-Type": "application/json", "Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*",
		"X-Content-Type-Options": "nosniff",
	} {
		if got := header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if response.StatusCode != http.StatusOK || len(header.Values("Set-Cookie")) != 0 || body == "" {
		t.Errorf("it answers %s: %s", response.Status, body)
	}
	tag := header.Get("ETag")
	for name, c := range map[string]struct {
		tag    string
		status int
	}{
		"the same":         {tag, http.StatusNotModified},
		"one of several":   {`"other", ` + tag, http.StatusNotModified},
		"any":              {"*", http.StatusNotModified},
		"weakly the same":  {"W/" + tag, http.StatusNotModified},
		"that of other":    {`"other"`, http.StatusOK},
		"without a quote":  {strings.Trim(tag, `"`), http.StatusOK},
		"empty":            {`""`, http.StatusOK},
		"cut in the midst": {tag[:4] + `"`, http.StatusOK},
	} {
		response, again := get(t, env, keySetPath, "If-None-Match", c.tag)
		if response.StatusCode != c.status || c.status == http.StatusOK && again != body || c.status != http.StatusOK && again != "" {
			t.Errorf("with the tag %s, it answers %s: %s", name, response.Status, again)
		}
		if response.Header.Get("ETag") != tag || response.Header.Get("Cache-Control") != "public, max-age=300" {
			t.Errorf("with the tag %s, the headers are %v", name, response.Header)
		}
	}
	for _, member := range []string{`"d"`, `"p"`, `"q"`, `"dp"`, `"dq"`, `"qi"`, `"k"`, "PRIVATE"} {
		if strings.Contains(body, member) {
			t.Errorf("the key set has %s: %s", member, body)
		}
	}
}

func decode(t *testing.T, text string) []byte {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
