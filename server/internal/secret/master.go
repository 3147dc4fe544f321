package secret

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
)

// MinMasterLength is the minimum length of the master secret in bytes: the strength of the keys derived from it.
const MinMasterLength = 32

// ErrShortMaster means that a master secret is shorter than MinMasterLength.
var ErrShortMaster = errors.New("the master secret needs at least 32 bytes")

// Master is the master secret of an operator. Every key of the server is derived from it, each for one purpose, so that no key
// reveals anything about another.
type Master struct{ value []byte }

// NewMaster returns a Master with the secret's bytes. It returns ErrShortMaster for fewer than MinMasterLength.
func NewMaster(value Text) (Master, error) {
	if len(value.Reveal()) < MinMasterLength {
		return Master{}, ErrShortMaster
	}
	return Master{value: []byte(value.Reveal())}, nil
}

// Key derives a 256-bit key with HKDF and SHA-256 (RFC 5869). The purpose names the use and its version. Another text gives
// another key.
func (m Master) Key(purpose string) Key {
	key, err := hkdf.Key(sha256.New, m.value, nil, "latchkey "+purpose, KeySize)
	if err != nil || len(m.value) < MinMasterLength {
		// Only for a Master that was not made by NewMaster.
		panic(fmt.Sprintf("secret: derive a key: %v", err))
	}
	return Key{value: [KeySize]byte(key)}
}

// Format hides the value from every verb of package fmt.
func (Master) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides the value from log/slog.
func (Master) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the value from encoding/json and similar packages.
func (Master) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// KeySize is the length of a derived key in bytes.
const KeySize = 32

// Key is a derived key.
type Key struct{ value [KeySize]byte }

// Reveal returns the key's bytes. Never log or store them, or wrap them into an error.
func (k Key) Reveal() []byte { return k.value[:] }

// Format hides the value from every verb of package fmt.
func (Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides the value from log/slog.
func (Key) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the value from encoding/json and similar packages.
func (Key) MarshalText() ([]byte, error) { return []byte(hidden), nil }
