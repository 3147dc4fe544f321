package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Argon2Params are the costs of argon2id.
type Argon2Params struct {
	Memory      uint32 // KiB
	Time        uint32 // passes over the memory
	Parallelism uint8  // lanes
}

// DefaultArgon2 is the configuration that the OWASP Password Storage Cheat Sheet
// recommends for argon2id, and the least that REQUIREMENTS PW-06 allows: 19 MiB,
// two passes, one lane. One lane, because parallelism comes from concurrent sign-ins.
func DefaultArgon2() Argon2Params {
	return Argon2Params{Memory: 19 * 1024, Time: 2, Parallelism: 1}
}

// CheapArgon2 is for tests of other packages: it makes a real hash in well under a millisecond, and gives no protection.
func CheapArgon2() Argon2Params {
	return Argon2Params{Memory: 64, Time: 1, Parallelism: 1}
}

const (
	saltBytes = 16 // RFC 9106 §3.1: 16 bytes is recommended for password hashing
	keyBytes  = 32 // 256 bits, the tag length of RFC 9106 §4

	// Limits for a stored hash, so that a damaged or planted row cannot exhaust the machine. They are above every configuration
	// in common use (RFC 9106's second choice is 64 MiB, three passes, four lanes), and far below its first choice (2 GiB). At
	// the limit, a check takes a second or two.
	maxStoredMemory = 128 * 1024
	maxStoredTime   = 16
	maxStoredLanes  = 16
	// Too short a key would match by chance, and an empty one always.
	minStoredSalt, maxStoredSalt = 8, 64
	minStoredKey, maxStoredKey   = 16, 64
)

func (p Argon2Params) validate() error {
	switch {
	case p.Parallelism < 1 || p.Parallelism > maxStoredLanes:
		return fmt.Errorf("argon2id parallelism %d is not between 1 and %d", p.Parallelism, maxStoredLanes)
	case p.Time < 1 || p.Time > maxStoredTime:
		return fmt.Errorf("argon2id time %d is not between 1 and %d", p.Time, maxStoredTime)
	// RFC 9106 §3.1: at least eight blocks of 1 KiB per lane. x/crypto would raise it silently.
	case p.Memory < 8*uint32(p.Parallelism) || p.Memory > maxStoredMemory:
		return fmt.Errorf("argon2id memory %d KiB is not between 8 per lane and %d", p.Memory, maxStoredMemory)
	}
	return nil
}

type argon2idHash struct {
	params    Argon2Params
	salt, key []byte
}

// IDKey allocates its working memory anew and takes no buffer, so every hash leaves
// 19 MiB to the garbage collector, which runs about once per hash in an otherwise small
// process. The memory holds no pointers, so marking it is free: with the collector off a
// hash takes no less CPU time, to within two per cent. Pooling would need an argon2 of our own.
// GOMEMLIMIT bounds what a storm leaves behind.
func deriveArgon2id(password, salt []byte, p Argon2Params, size int) []byte {
	return argon2.IDKey(password, salt, p.Time, p.Memory, p.Parallelism, uint32(size))
}

func hashArgon2id(password []byte, p Argon2Params) string {
	salt := randomBytes(saltBytes)
	return argon2idHash{p, salt, deriveArgon2id(password, salt, p, keyBytes)}.String()
}

func dummyArgon2id(p Argon2Params) argon2idHash {
	return argon2idHash{p, randomBytes(saltBytes), randomBytes(keyBytes)}
}

func (a argon2idHash) matches(password []byte) bool {
	return subtle.ConstantTimeCompare(deriveArgon2id(password, a.salt, a.params, len(a.key)), a.key) == 1
}

func (a argon2idHash) current(h *Hasher) bool {
	return h.algorithm == Argon2id && a.params == h.argon2 && len(a.salt) >= saltBytes && len(a.key) >= keyBytes
}

// phcBase64 is the base64 of PHC strings: no padding, and only one spelling of each value.
var phcBase64 = base64.RawStdEncoding.Strict()

// String returns the PHC string: $argon2id$v=19$m=19456,t=2,p=1$salt$key.
func (a argon2idHash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		a.params.Memory, a.params.Time, a.params.Parallelism,
		phcBase64.EncodeToString(a.salt), phcBase64.EncodeToString(a.key))
}

func parseArgon2id(encoded string) (stored, error) {
	fields := strings.Split(encoded, "$") // "", argon2id, v=, m=,t=,p=, salt, key
	if len(fields) != 6 || fields[2] != "v="+strconv.Itoa(argon2.Version) {
		return nil, fmt.Errorf("%w: not argon2id version %d of six fields", ErrMalformedHash, argon2.Version)
	}
	costs := strings.Split(fields[3], ",")
	if len(costs) != 3 {
		return nil, fmt.Errorf("%w: argon2id costs are not m, t, p", ErrMalformedHash)
	}
	m, okM := cost(costs[0], "m=", 32)
	t, okT := cost(costs[1], "t=", 32)
	p, okP := cost(costs[2], "p=", 8)
	if !okM || !okT || !okP {
		return nil, fmt.Errorf("%w: argon2id costs are not m, t, p", ErrMalformedHash)
	}
	a := argon2idHash{params: Argon2Params{Memory: uint32(m), Time: uint32(t), Parallelism: uint8(p)}}
	if err := a.params.validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformedHash, err)
	}
	var ok bool
	if a.salt, ok = decode(fields[4], minStoredSalt, maxStoredSalt); !ok {
		return nil, fmt.Errorf("%w: argon2id salt", ErrMalformedHash)
	}
	if a.key, ok = decode(fields[5], minStoredKey, maxStoredKey); !ok {
		return nil, fmt.Errorf("%w: argon2id key", ErrMalformedHash)
	}
	return a, nil
}

func cost(field, prefix string, bits int) (uint64, bool) {
	digits, found := strings.CutPrefix(field, prefix)
	n, err := strconv.ParseUint(digits, 10, bits)
	return n, found && err == nil
}

// The decoder's own error would quote the hash, so it is not passed on.
func decode(field string, least, most int) ([]byte, bool) {
	b, err := phcBase64.DecodeString(field)
	return b, err == nil && len(b) >= least && len(b) <= most
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process rather than return an error
	return b
}
