package token

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// ErrWrongMasterSecret means that the database's keys were encrypted with another master secret.
var ErrWrongMasterSecret = errors.New(
	"the signing keys in the database were encrypted with another master secret: start with that one, " +
		"or, when it is lost, delete the rows of signing_keys (everybody has to sign in again)")

// key is a key of the ring. It is immutable.
type key struct {
	id        string
	algorithm Algorithm
	private   crypto.Signer
	// sealed is the encrypted private key, as in the database.
	sealed []byte
}

const keyEncryptionPurpose = "signing keys, AES-256-GCM, v1"

func makeKey(encryption secret.Key, algorithm Algorithm) (*key, error) {
	private, err := algorithm.generate()
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("encode the signing key: %w", err)
	}
	k := &key{id: rand.Text(), algorithm: algorithm, private: private}
	k.sealed = encryption.Seal(plain, bound(k.id, string(algorithm)))
	return k, nil
}

func openKey(encryption secret.Key, row dbsqlc.SigningKey) (*key, error) {
	plain, err := encryption.Open(row.PrivateKey, bound(row.Kid, row.Algorithm))
	if err != nil {
		return nil, ErrWrongMasterSecret
	}
	private, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return nil, fmt.Errorf("signing key %s cannot be read: %w", row.Kid, err)
	}
	algorithm := Algorithm(row.Algorithm)
	signer := algorithm.signer(private)
	if signer == nil {
		return nil, fmt.Errorf("signing key %s is no key for %s", row.Kid, row.Algorithm)
	}
	return &key{id: row.Kid, algorithm: algorithm, private: signer, sealed: row.PrivateKey}, nil
}

// stands reports whether a row still holds this key.
func (k *key) stands(row dbsqlc.SigningKey) bool {
	return k.id == row.Kid && string(k.algorithm) == row.Algorithm && bytes.Equal(k.sealed, row.PrivateKey)
}

// bound returns the bytes to which an encrypted key is bound, so that it cannot be stored under another id or algorithm.
func bound(kid, algorithm string) []byte { return []byte(kid + "\x00" + algorithm) }
