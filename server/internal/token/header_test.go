package token_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A token that brings its own key, or says where it can be fetched, proves nothing (RFC 8725 section 3.10).
func TestJW03_AKeyThatTheTokenBringsIsNotUsed(t *testing.T) {
	t.Parallel()

	b := setup(t)
	attacker, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := attacker.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	jwk := object{
		"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": b.kid,
		"x": raw.EncodeToString(point[1:33]), "y": raw.EncodeToString(point[33:]),
	}
	certificate, err := x509.CreateCertificate(rand.Reader,
		&x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "latchkey"}, NotAfter: time.Now().Add(time.Hour)},
		&x509.Certificate{SerialNumber: big.NewInt(1)}, &attacker.PublicKey, attacker)
	if err != nil {
		t.Fatal(err)
	}
	var fetched atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		_, _ = w.Write([]byte(`{"keys":[]}`))
	}))
	t.Cleanup(server.Close)

	for name, brought := range map[string]object{
		"jwk":      {"jwk": jwk},
		"jku":      {"jku": server.URL + "/jwks.json"},
		"x5u":      {"x5u": server.URL + "/chain.pem"},
		"x5c":      {"x5c": []string{base64.StdEncoding.EncodeToString(certificate)}},
		"all":      {"jwk": jwk, "jku": server.URL, "x5u": server.URL, "x5c": []string{base64.StdEncoding.EncodeToString(certificate)}},
		"kid url":  {"kid": server.URL + "/key"},
		"kid file": {"kid": "file:///dev/null"},
	} {
		for _, k := range b.kinds(t) {
			header := k.header.with(brought)
			b.refused(t, name, forge(t, header, k.payload, es256(t, attacker)))
			b.refused(t, name+" with a kid of its own", forge(t, header.with(object{"kid": "attacker"}), k.payload, es256(t, attacker)))
			b.refused(t, name+" without kid", forge(t, header.without("kid"), k.payload, es256(t, attacker)))
		}
	}
	if n := fetched.Load(); n != 0 {
		t.Errorf("the server went to the attacker's address %d times", n)
	}
}

// The signature is valid in each of them: only the kid is unusual.
func TestJW03_OddKeyIDsAreHarmless(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for name, kid := range map[string]any{
		"path":         "../../../../dev/null",
		"SQL":          "' OR '1'='1' --",
		"SQL union":    b.kid + "' UNION SELECT 'x",
		"URL":          "https://attacker.example/jwks.json",
		"10 kB":        strings.Repeat("k", 10<<10),
		"4 kB":         strings.Repeat("k", 4<<10),
		"empty":        "",
		"number":       0,
		"null":         nil,
		"list":         []string{b.kid},
		"object":       object{"kid": b.kid},
		"lower case":   strings.ToLower(b.kid),
		"blank behind": b.kid + " ",
		"NUL behind":   b.kid + "\x00",
		"cut":          b.kid[:len(b.kid)-1],
		"line break":   "\r\nX-Forged: yes",
	} {
		b.refusedHeader(t, "kid "+name, object{"kid": kid})
	}
	for _, k := range b.kinds(t) {
		b.refused(t, "no kid", forge(t, k.header.without("kid"), k.payload, es256(t, b.key)))
	}
}

// No extension is supported, so a token that requires one is refused (RFC 7515 section 4.1.11).
func TestJW03_CriticalExtensionsAreRefused(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for name, changed := range map[string]object{
		"b64":           {"crit": []string{"b64"}, "b64": false},
		"b64 true":      {"crit": []string{"b64"}, "b64": true},
		"exp":           {"crit": []string{"exp"}, "exp": 1},
		"unknown":       {"crit": []string{"urn:example:unknown"}},
		"empty name":    {"crit": []string{""}},
		"empty list":    {"crit": []string{}},
		"a text":        {"crit": "b64"},
		"a number":      {"crit": 1},
		"b64 by itself": {"b64": false},
	} {
		b.refusedHeader(t, "crit "+name, changed)
	}
}

func TestJW06_TheKindIsSpeltInOneWay(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for name, typ := range map[string]any{
		"JWT": "JWT", "jwt": "jwt", "AT+JWT": "AT+JWT", "At+jwt": "At+jwt", "application/at+jwt": "application/at+jwt",
		"RT+JWT": "RT+JWT", "application/rt+jwt": "application/rt+jwt", "id+jwt": "id+jwt", "logout+jwt": "logout+jwt",
		"empty": "", "blank": "at+jwt ", "null": nil, "number": 1, "list": []string{"at+jwt", "rt+jwt"},
	} {
		b.refusedHeader(t, "typ "+name, object{"typ": typ})
	}
	for _, k := range b.kinds(t) {
		b.refused(t, k.name+" without typ", forge(t, k.header.without("typ"), k.payload, es256(t, b.key)))
	}
}
