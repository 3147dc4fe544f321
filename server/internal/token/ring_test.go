package token_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"hash"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

var algorithms = []token.Algorithm{token.ES256, token.EdDSA, token.RS256}

// A ring with a key of each algorithm, as after two changes of the setting. Making an RSA key takes a while, so the tests
// share it.
var (
	makeMixed sync.Once
	mixed     *token.Issuer
)

func mixedRing(t testing.TB) (*token.Issuer, []token.RingKey) {
	t.Helper()
	makeMixed.Do(func() {
		clock := dbtest.NewClock()
		d := dbtest.New(t, clock.Now)
		for _, algorithm := range algorithms {
			mixed = newIssuer(t, d, func(c *token.Config) { c.Algorithm = algorithm })
			clock.Advance(token.Lead)
		}
	})
	keys := mixed.Ring()
	if len(keys) != len(algorithms) {
		t.Fatalf("the ring has %d keys", len(keys))
	}
	return mixed, keys
}

// signers gives every way to sign with a private key, by the algorithm's name.
func signers(t testing.TB, key crypto.Signer) map[string]signer {
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		return map[string]signer{"ES256": es256(t, k)}
	case ed25519.PrivateKey:
		return map[string]signer{"EdDSA": func(input []byte) []byte { return ed25519.Sign(k, input) }}
	case *rsa.PrivateKey:
		return map[string]signer{
			"RS256": func(input []byte) []byte {
				sum := sha256.Sum256(input)
				return must(t)(rsa.SignPKCS1v15(nil, k, crypto.SHA256, sum[:]))
			},
			"RS512": func(input []byte) []byte {
				sum := sha512.Sum512(input)
				return must(t)(rsa.SignPKCS1v15(nil, k, crypto.SHA512, sum[:]))
			},
			"PS256": func(input []byte) []byte {
				sum := sha256.Sum256(input)
				return must(t)(rsa.SignPSS(rand.Reader, k, crypto.SHA256, sum[:], nil))
			},
		}
	}
	t.Fatalf("a key of type %T", key)
	return nil
}

func must(t testing.TB) func([]byte, error) []byte {
	return func(data []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
}

// hmacs gives signers that are keyed with what everybody knows of a key.
func hmacs(t testing.TB, key token.RingKey) map[string]signer {
	t.Helper()
	der := must(t)(x509.MarshalPKIXPublicKey(key.Private.Public()))
	block := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	secrets := map[string][]byte{"DER": der, "PEM": block, "PEM without its line's end": bytes.TrimSpace(block), "kid": []byte(key.ID)}
	switch public := key.Private.Public().(type) {
	case ed25519.PublicKey:
		secrets["the point"] = public
	case *rsa.PublicKey:
		secrets["the modulus"] = public.N.Bytes()
		secrets["PKCS #1"] = x509.MarshalPKCS1PublicKey(public)
	}
	all := map[string]signer{}
	for name, secret := range secrets {
		for alg, size := range map[string]func() hash.Hash{"HS256": sha256.New, "HS512": sha512.New} {
			all[alg+" keyed with "+name] = func(input []byte) []byte {
				mac := hmac.New(size, secret)
				mac.Write(input)
				return mac.Sum(nil)
			}
		}
	}
	return all
}

// Every key under every kid, with every name of an algorithm: a token is good when all three belong together, and then
// only.
func TestJW01_KeysOfOneRingDoNotStandInForEachOther(t *testing.T) {
	t.Parallel()

	issuer, keys := mixedRing(t)
	access, refresh := issue(t, issuer, issuer.Now())
	names := []string{"ES256", "EdDSA", "RS256", "PS256", "RS512", "ES384", "Ed25519", "HS256", "HS512", "none", ""}
	good := 0
	for _, text := range []string{access, refresh} {
		header, payload, _ := parts(t, text)
		for _, named := range keys {
			for _, signing := range keys {
				for way, sign := range signers(t, signing.Private) {
					for _, alg := range names {
						text := forge(t, header.with(object{"kid": named.ID, "alg": alg}), payload, sign)
						_, accessErr := issuer.ReadAccess(text)
						_, refreshErr := issuer.ReadRefresh(text)
						if named.ID == signing.ID && alg == string(named.Algorithm) && way == alg {
							good++
							if accessErr != nil && refreshErr != nil {
								t.Errorf("a good token of %s is refused: %v, %v", alg, accessErr, refreshErr)
							}
							continue
						}
						if !errors.Is(accessErr, token.ErrInvalid) || !errors.Is(refreshErr, token.ErrInvalid) {
							t.Errorf("signed by the %s key as %s, under the kid of %s and called %q: %v, %v",
								signing.Algorithm, way, named.Algorithm, alg, accessErr, refreshErr)
						}
					}
				}
			}
		}
	}
	if good != 2*len(keys) {
		t.Errorf("%d tokens were good", good)
	}
}

func TestJW01_NoHMACWithAnyPublicKeyOfTheRing(t *testing.T) {
	t.Parallel()

	issuer, keys := mixedRing(t)
	access, _ := issue(t, issuer, issuer.Now())
	header, payload, _ := parts(t, access)
	for _, named := range keys {
		for _, public := range keys {
			for way, sign := range hmacs(t, public) {
				for _, alg := range []string{"HS256", "HS512", string(named.Algorithm)} {
					text := forge(t, header.with(object{"kid": named.ID, "alg": alg}), payload, sign)
					if _, err := issuer.ReadAccess(text); !errors.Is(err, token.ErrInvalid) {
						t.Errorf("%s of %s, under the kid of %s and called %s: %v", way, public.Algorithm, named.Algorithm, alg, err)
					}
				}
			}
		}
	}
}

func TestJW09_KeysAreStrongEnough(t *testing.T) {
	t.Parallel()

	_, keys := mixedRing(t)
	for i, k := range keys {
		if k.Algorithm != algorithms[i] {
			t.Errorf("key %d is for %s", i, k.Algorithm)
		}
		if private, ok := k.Private.(*rsa.PrivateKey); ok && private.N.BitLen() < 3072 {
			t.Errorf("the RSA key has %d bits", private.N.BitLen())
		}
		if private, ok := k.Private.(*ecdsa.PrivateKey); ok && private.Params().Name != "P-256" {
			t.Errorf("the EC key is on %s", private.Params().Name)
		}
	}
}

func TestJW01_EachAlgorithmSignsAllBits(t *testing.T) {
	t.Parallel()

	issuer, keys := mixedRing(t)
	access, _ := issue(t, issuer, issuer.Now())
	header, payload, _ := parts(t, access)
	for _, k := range keys {
		sign := signers(t, k.Private)[string(k.Algorithm)]
		good := forge(t, header.with(object{"kid": k.ID, "alg": k.Algorithm}), payload, sign)
		// Now it is cached, which must not help any other text.
		if _, err := issuer.ReadAccess(good); err != nil {
			t.Fatalf("%s: %v", k.Algorithm, err)
		}
		for i := range good {
			changed := []byte(good)
			changed[i] ^= 1
			if _, err := issuer.ReadAccess(string(changed)); !errors.Is(err, token.ErrInvalid) {
				t.Fatalf("%s with character %d changed: %v", k.Algorithm, i, err)
			}
		}
	}
}
