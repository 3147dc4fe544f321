package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// ErrSealed is returned for what was sealed under another key or bound to something else, and for what is damaged.
var ErrSealed = errors.New("secret: sealed under another key, or damaged")

// Seal encrypts with AES-256-GCM under a random nonce, which comes first (NIST SP 800-38D). What it is bound to, such as the
// row that it stands in, has to be given to Open again: it cannot be put elsewhere. One key seals 2³² values at most.
func (k Key) Seal(plain, bound []byte) []byte {
	aead := k.aead()
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails: it ends the program instead
	return aead.Seal(nonce, nonce, plain, bound)
}

// Open decrypts what Seal has made. It returns ErrSealed when it cannot.
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
		panic(fmt.Sprintf("secret: %v", err)) // the key has the one size that there is
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(fmt.Sprintf("secret: %v", err)) // AES has the one block size that there is
	}
	return aead
}
