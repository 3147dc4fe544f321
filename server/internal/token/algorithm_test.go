package token_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"hash"
	"math/big"
	"testing"
)

func constant(signature []byte) signer { return func([]byte) []byte { return signature } }

func TestJW01_NoneIsNoAlgorithm(t *testing.T) {
	t.Parallel()

	b := setup(t)
	_, _, signature := parts(t, b.access)
	for _, k := range b.kinds(t) {
		for _, alg := range []string{"none", "None", "NONE", "nOnE", "noné", " none", ""} {
			header := k.header.with(object{"alg": alg})
			b.refused(t, alg+" without a signature", forge(t, header, k.payload, constant(nil)))
			b.refused(t, alg+" with some signature", forge(t, header, k.payload, constant([]byte{0})))
			b.refused(t, alg+" with another token's signature", forge(t, header, k.payload, constant(signature)))
			b.refused(t, alg+" with a good signature", forge(t, header, k.payload, es256(t, b.key)))
		}
	}
}

// The public key is public: keyed with it in any form, an HMAC must prove nothing.
func TestJW01_AnHMACWithThePublicKeyIsRefused(t *testing.T) {
	t.Parallel()

	b := setup(t)
	der, err := x509.MarshalPKIXPublicKey(&b.key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	point, err := b.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	secrets := map[string][]byte{
		"PEM": block, "PEM without its line's end": bytes.TrimSpace(block), "DER": der,
		"the point": point, "the coordinates": point[1:], "x": point[1:33], "nothing": nil, "kid": []byte(b.kid),
	}
	sizes := map[string]func() hash.Hash{"HS256": sha256.New, "HS384": sha512.New384, "HS512": sha512.New}
	for _, k := range b.kinds(t) {
		for name, key := range secrets {
			for alg, size := range sizes {
				sign := func(input []byte) []byte {
					mac := hmac.New(size, key)
					mac.Write(input)
					return mac.Sum(nil)
				}
				b.refused(t, alg+" keyed with "+name, forge(t, k.header.with(object{"alg": alg}), k.payload, sign))
				b.refused(t, alg+" keyed with "+name+", called ES256", forge(t, k.header, k.payload, sign))
			}
		}
	}
}

func TestJW01_AnotherAlgorithmIsRefused(t *testing.T) {
	t.Parallel()

	b := setup(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signers := map[string]signer{
		"the server's key": es256(t, b.key),
		"P-256":            es256(t, p256),
		"P-384":            es256(t, p384),
		"Ed25519":          func(input []byte) []byte { return ed25519.Sign(edKey, input) },
		"RSA": func(input []byte) []byte {
			sum := sha256.Sum256(input)
			signature, err := rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, sum[:])
			if err != nil {
				t.Fatal(err)
			}
			return signature
		},
	}
	for _, k := range b.kinds(t) {
		for name, sign := range signers {
			for _, alg := range []string{"ES384", "ES512", "ES256K", "RS256", "PS256", "EdDSA", "Ed25519", "HS256", "es256", "ES256 "} {
				b.refused(t, alg+" with "+name, forge(t, k.header.with(object{"alg": alg}), k.payload, sign))
			}
			if name != "the server's key" {
				b.refused(t, "ES256 with "+name, forge(t, k.header, k.payload, sign))
			}
		}
	}
}

func TestJW01_AnAlgorithmIsOneWord(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for name, alg := range map[string]any{
		"a list": []string{"ES256"}, "a list of two": []string{"none", "ES256"}, "null": nil, "a number": 256,
		"a truth": true, "an object": object{"ES256": true},
	} {
		b.refusedHeader(t, name+" as alg", object{"alg": alg})
	}
	for _, k := range b.kinds(t) {
		b.refused(t, k.name+" without alg", forge(t, k.header.without("alg"), k.payload, es256(t, b.key)))
	}
}

// The signature of CVE-2022-21449, and other ways to write down a pair of numbers.
func TestJW01_OddSignaturesAreRefused(t *testing.T) {
	t.Parallel()

	b := setup(t)
	n := b.key.Params().N
	pair := func(r, s *big.Int) []byte {
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	}
	for _, k := range b.kinds(t) {
		_, _, good := parts(t, forge(t, k.header, k.payload, es256(t, b.key)))
		r, s := new(big.Int).SetBytes(good[:32]), new(big.Int).SetBytes(good[32:])
		der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
		if err != nil {
			t.Fatal(err)
		}
		for name, signature := range map[string][]byte{
			"zeros":   make([]byte, 64),
			"r = n":   pair(n, s),
			"s = n":   pair(r, n),
			"s = 0":   pair(r, new(big.Int)),
			"swapped": pair(s, r),
			"DER":     der,
			"padded":  append(append(make([]byte, 1), good[:32]...), append(make([]byte, 1), good[32:]...)...),
			"twice":   append(bytes.Clone(good), good...),
			"half":    good[:32],
			"cut":     good[:63],
			"longer":  append(bytes.Clone(good), 0),
		} {
			b.refused(t, k.name+" with signature "+name, forge(t, k.header, k.payload, constant(signature)))
		}
	}
}
