package token

import (
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/lestrrat-go/jwx/v2/jwa"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// ErrWrongMasterSecret means that the database's keys were encrypted with another master secret.
var ErrWrongMasterSecret = errors.New(
	"the signing keys in the database were encrypted with another master secret: start with that one, " +
		"or, when it is lost, delete the rows of signing_keys (everybody has to sign in again)")

// key is one of the ring.
type key struct {
	id        string
	algorithm jwa.SignatureAlgorithm
	private   crypto.Signer
}

const keyEncryptionPurpose = "signing keys, AES-256-GCM, v1"

// loadKeys reads the ring, the newest key first, and makes the first key when there is none. Replicas that start together
// end up with the same one.
func loadKeys(ctx context.Context, d *db.DB, master secret.Master) ([]key, error) {
	aead, err := newAEAD(master)
	if err != nil {
		return nil, err
	}
	var keys []key
	err = d.InTx(ctx, func(tx db.Tx) error {
		q := dbsqlc.New()
		if err := q.LockSigningKeys(ctx, tx); err != nil {
			return fmt.Errorf("lock the signing keys: %w", err)
		}
		rows, err := q.ListSigningKeys(ctx, tx)
		if err != nil {
			return fmt.Errorf("read the signing keys: %w", err)
		}
		for _, row := range rows {
			k, err := openKey(aead, row)
			if err != nil {
				return err
			}
			keys = append(keys, k)
		}
		if len(keys) > 0 {
			return nil
		}
		k, params, err := makeKey(aead)
		if err != nil {
			return err
		}
		keys = append(keys, k)
		if err := q.CreateSigningKey(ctx, tx, params); err != nil {
			return fmt.Errorf("store the signing key: %w", err)
		}
		return nil
	})
	return keys, err
}

func makeKey(aead cipher.AEAD) (key, dbsqlc.CreateSigningKeyParams, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return key{}, dbsqlc.CreateSigningKeyParams{}, fmt.Errorf("make a signing key: %w", err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return key{}, dbsqlc.CreateSigningKeyParams{}, fmt.Errorf("encode the signing key: %w", err)
	}
	k := key{id: rand.Text(), algorithm: jwa.ES256, private: private}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails: it ends the program instead
	return k, dbsqlc.CreateSigningKeyParams{
		Kid:        k.id,
		Algorithm:  k.algorithm.String(),
		PrivateKey: aead.Seal(nonce, nonce, plain, bound(k.id, k.algorithm.String())),
	}, nil
}

func openKey(aead cipher.AEAD, row dbsqlc.SigningKey) (key, error) {
	if len(row.PrivateKey) < aead.NonceSize() {
		return key{}, fmt.Errorf("signing key %s is damaged", row.Kid)
	}
	nonce, sealed := row.PrivateKey[:aead.NonceSize()], row.PrivateKey[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, sealed, bound(row.Kid, row.Algorithm))
	if err != nil {
		return key{}, ErrWrongMasterSecret
	}
	private, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return key{}, fmt.Errorf("signing key %s cannot be read: %w", row.Kid, err)
	}
	signer, ok := private.(*ecdsa.PrivateKey)
	if !ok || row.Algorithm != jwa.ES256.String() {
		return key{}, fmt.Errorf("signing key %s is of an unknown kind", row.Kid)
	}
	return key{id: row.Kid, algorithm: jwa.ES256, private: signer}, nil
}

// bound keeps a row's encrypted key from being put under another id or algorithm.
func bound(kid, algorithm string) []byte { return []byte(kid + "\x00" + algorithm) }

func newAEAD(master secret.Master) (cipher.AEAD, error) {
	block, err := aes.NewCipher(master.Key(keyEncryptionPurpose).Reveal())
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
