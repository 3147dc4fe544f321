package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// ErrSealed means that a value was sealed with another key, bound to something else, or is damaged.
var ErrSealed = errors.New("secret: sealed under another key, or damaged")

// Seal encrypts with AES-256-GCM and a random nonce, which comes first (NIST SP 800-38D). The value is bound to bound, such as
// the id of its row: Open needs the same bytes, so the value cannot be moved elsewhere. One key can seal at most 2³² values.
func (k Key) Seal(plain, bound []byte) []byte {
	aead := k.aead()
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails: it ends the program instead
	return aead.Seal(nonce, nonce, plain, bound)
}

// Open decrypts what Seal has encrypted. Otherwise it returns ErrSealed.
func (k Key) Open(sealed, bound []byte) ([]byte, error) {
	aead := k.aead()
	if len(sealed) < aead.NonceSize() {
		return nil, ErrSealed
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], bound)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

func (k Key) aead() cipher.AEAD {
	block, err := aes.NewCipher(k.value[:])
	if err != nil {
		panic(fmt.Sprintf("secret: %v", err)) // keys have one size
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(fmt.Sprintf("secret: %v", err)) // AES has one block size
	}
	return aead
}
