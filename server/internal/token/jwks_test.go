package token_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// readKeySet parses a key set itself, as another program would.
func readKeySet(t testing.TB, text []byte) []map[string]string {
	t.Helper()
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	if err := json.Unmarshal(text, &set); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return set.Keys
}

// verifyAlone checks a token's signature with a key of the set, and nothing of the server's.
func verifyAlone(t testing.TB, text string, jwk map[string]string) bool {
	t.Helper()
	number := func(name string) []byte { return must(t)(raw.DecodeString(jwk[name])) }
	header, _, signature := parts(t, text)
	if header["alg"] != jwk["alg"] || header["kid"] != jwk["kid"] {
		return false
	}
	input := []byte(text[:strings.LastIndexByte(text, '.')])
	sum := sha256.Sum256(input)
	switch jwk["kty"] {
	case "EC":
		public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, number("x"), number("y")))
		if err != nil {
			t.Fatal(err)
		}
		return len(signature) == 64 &&
			ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	case "OKP":
		return ed25519.Verify(number("x"), input, signature)
	case "RSA":
		public := &rsa.PublicKey{N: new(big.Int).SetBytes(number("n")), E: int(new(big.Int).SetBytes(number("e")).Int64())}
		return rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature) == nil
	}
	t.Errorf("a key of type %s", jwk["kty"])
	return false
}

func TestJW10_TheKeySetHoldsWhatVerifyingTakesAndNoMore(t *testing.T) {
	t.Parallel()

	issuer, ring := mixedRing(t)
	set := readKeySet(t, issuer.KeySet().JSON)
	want := []map[string]string{
		{"kty": "EC", "crv": "P-256", "alg": "ES256"}, {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA"}, {"kty": "RSA", "alg": "RS256"},
	}
	numbers := [][]string{{"x", "y"}, {"x"}, {"e", "n"}}
	if len(set) != len(want) {
		t.Fatalf("there are %d keys", len(set))
	}
	for i, jwk := range set {
		want[i]["kid"], want[i]["use"] = ring[i].ID, "sig"
		members := slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(want[i])), numbers[i]...)))
		if diff := cmp.Diff(members, slices.Sorted(maps.Keys(jwk))); diff != "" {
			t.Errorf("the members of %s (-want +got):\n%s", jwk["alg"], diff)
		}
		for name, value := range want[i] {
			if jwk[name] != value {
				t.Errorf("%s of key %d is %q, want %q", name, i, jwk[name], value)
			}
		}
	}
}

func TestJW10_TokensAreVerifiedWithTheKeySetAlone(t *testing.T) {
	t.Parallel()

	issuer, _ := mixedRing(t)
	for i, jwk := range readKeySet(t, issuer.KeySet().JSON) {
		k := issuer.Ring()[i]
		access, refresh := issue(t, issuer.WithClock(k.Clock()), k.From)
		for _, text := range []string{access, refresh} {
			if !verifyAlone(t, text, jwk) {
				t.Errorf("a token of %s is not verified by %v", algorithms[i], jwk)
			}
		}
		cut := strings.LastIndexByte
		if verifyAlone(t, access[:cut(access, '.')]+refresh[cut(refresh, '.'):], jwk) {
			t.Errorf("with %s, the signature of another token is good too", algorithms[i])
		}
	}
}

func TestJW09_TheKeySetFollowsTheRing(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	kids := func(i *token.Issuer) (kids []string) {
		for _, jwk := range readKeySet(t, i.KeySet().JSON) {
			kids = append(kids, jwk["kid"])
		}
		return kids
	}
	before := f.a.KeySet()
	if before.ETag != f.b.KeySet().ETag || before.ETag[0] != '"' {
		t.Errorf("two replicas have the entity tags %s and %s", before.ETag, f.b.KeySet().ETag)
	}
	f.reload()
	if again := f.a.KeySet(); again.ETag != before.ETag {
		t.Errorf("nothing has changed but the entity tag, from %s to %s", before.ETag, again.ETag)
	}
	f.rotate()
	f.reload()
	want, _ := f.states()
	if diff := cmp.Diff(want, kids(f.b)); diff != "" || len(want) != 2 {
		t.Errorf("the next key is not published (-want +got):\n%s", diff)
	}
	if f.a.KeySet().ETag == before.ETag {
		t.Error("the entity tag is that of other keys")
	}
	f.advance(token.Lead + refreshTTL + 2*time.Minute)
	f.reload()
	if diff := cmp.Diff(want[1:], kids(f.a)); diff != "" {
		t.Errorf("after the overlap (-want +got):\n%s", diff)
	}
}
