package secret

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
)

// MinMasterLength is the least length of the master secret in bytes: the strength of the keys derived from it.
const MinMasterLength = 32

// ErrShortMaster is returned for a master secret below MinMasterLength.
var ErrShortMaster = errors.New("the master secret needs at least 32 bytes")

// Master is the one secret that an operator keeps. Every key of the server is derived from it, each for one purpose, so
// that none of them tells anything about another.
type Master struct{ value []byte }

// NewMaster takes the secret's bytes as they are. It returns ErrShortMaster for fewer than MinMasterLength.
func NewMaster(value Text) (Master, error) {
	if len(value.Reveal()) < MinMasterLength {
		return Master{}, ErrShortMaster
	}
	return Master{value: []byte(value.Reveal())}, nil
}

// Key derives a 256-bit key by HKDF with SHA-256 (RFC 5869). The purpose names the use, and its version: changing the text
// changes the key.
func (m Master) Key(purpose string) Key {
	key, err := hkdf.Key(sha256.New, m.value, nil, "latchkey "+purpose, KeySize)
	if err != nil || len(m.value) < MinMasterLength {
		// Only a Master that was not made by NewMaster gets here.
		panic(fmt.Sprintf("secret: derive a key: %v", err))
	}
	return Key{value: [KeySize]byte(key)}
}

// Format covers every verb of package fmt.
func (Master) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue covers log/slog.
func (Master) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText covers encoding/json and the like.
func (Master) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// KeySize is the length of a derived key in bytes.
const KeySize = 32

// Key is a derived key.
type Key struct{ value [KeySize]byte }

// Reveal gives the key's bytes. Never log, store or wrap into an error what it returns.
func (k Key) Reveal() []byte { return k.value[:] }

// Format covers every verb of package fmt.
func (Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue covers log/slog.
func (Key) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText covers encoding/json and the like.
func (Key) MarshalText() ([]byte, error) { return []byte(hidden), nil }
