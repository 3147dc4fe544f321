package secret_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func TestX13_WhatIsSealedIsReadByItsKeyAndInItsPlaceAlone(t *testing.T) {
	t.Parallel()

	key := newMaster(t, masterText).Key("seals")
	plain, bound := []byte("a registration token"), []byte("row 1")
	sealed := key.Seal(plain, bound)
	if bytes.Contains(sealed, plain) || bytes.Equal(sealed, key.Seal(plain, bound)) {
		t.Errorf("sealed as %x", sealed)
	}
	if got, err := key.Open(sealed, bound); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("opened as %q, %v", got, err)
	}
	if _, err := key.Open(sealed, []byte("row 2")); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("in another place: %v", err)
	}
	if _, err := newMaster(t, masterText).Key("others").Open(sealed, bound); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("by another key: %v", err)
	}
	for i := range sealed {
		if _, err := key.Open(sealed[:i], bound); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
		flipped := bytes.Clone(sealed)
		flipped[i] ^= 1
		if _, err := key.Open(flipped, bound); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("with byte %d flipped: %v", i, err)
		}
	}
}

// What was sealed once stays readable: it is plain AES-256-GCM with the nonce in front.
func TestSealIsGCM(t *testing.T) {
	t.Parallel()

	key := newMaster(t, masterText).Key("seals")
	block, err := aes.NewCipher(key.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	sealed := key.Seal([]byte("plain"), []byte("place"))
	if got, err := gcm.Open(nil, sealed[:12], sealed[12:], []byte("place")); err != nil || string(got) != "plain" {
		t.Errorf("opened as %q, %v", got, err)
	}
}
