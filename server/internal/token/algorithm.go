package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"

	"github.com/lestrrat-go/jwx/v2/jwa"
)

// Algorithm is the signature algorithm of a key.
type Algorithm string

// The algorithms. Each has at least 128 bits of strength (OWASP ASVS 5.0 11.2.3).
const (
	// ES256 is ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4).
	ES256 Algorithm = "ES256"
	// EdDSA is Ed25519 (RFC 8037 section 3.1).
	EdDSA Algorithm = "EdDSA"
	// RS256 is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3) and a key of 3072 bits.
	RS256 Algorithm = "RS256"
)

// NIST SP 800-57 part 1 revision 5, table 2: needed for 128 bits of strength.
const rsaBits = 3072

// Known reports whether it is one of the three.
func (a Algorithm) Known() bool { return a == ES256 || a == EdDSA || a == RS256 }

func (a Algorithm) jwa() jwa.SignatureAlgorithm { return jwa.SignatureAlgorithm(a) }

// generate creates a private key. For RS256, this takes up to some seconds.
func (a Algorithm) generate() (crypto.Signer, error) {
	switch a {
	case ES256:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case EdDSA:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	case RS256:
		return rsa.GenerateKey(rand.Reader, rsaBits)
	}
	return nil, fmt.Errorf("there is no algorithm %q", a)
}

// signer returns private as a signer, or nil if it is not a key of this algorithm.
func (a Algorithm) signer(private any) crypto.Signer {
	switch k := private.(type) {
	case *ecdsa.PrivateKey:
		if a == ES256 && k.Curve == elliptic.P256() {
			return k
		}
	case ed25519.PrivateKey:
		if a == EdDSA {
			return k
		}
	case *rsa.PrivateKey:
		if a == RS256 && k.N.BitLen() >= rsaBits {
			return k
		}
	}
	return nil
}
