package password

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"

	"golang.org/x/crypto/bcrypt"
)

// bcryptMaxBytes is how much bcrypt reads of a password. It ignores the rest, so longer passwords are refused.
const bcryptMaxBytes = 72

// maxStoredBcryptCost is the highest cost accepted from a stored hash: one above what we use, about two seconds. The format
// allows 31, which takes days.
const maxStoredBcryptCost = MaxBcryptCost + 1

// bcryptAlphabet is the base64 of bcrypt, in its own order.
const bcryptAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// $2a$, $2b$ and $2y$ are the same computation for passwords without NUL of at most 72 bytes. $2x$ marks hashes of an old faulty
// implementation, which is not supported.
var bcryptForm = regexp.MustCompile(`^\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}$`)

type bcryptHash struct {
	encoded []byte
	cost    int
}

func hashBcrypt(password []byte, cost int) (string, error) {
	encoded, err := bcrypt.GenerateFromPassword(password, cost)
	if err != nil {
		return "", fmt.Errorf("password: %w", err)
	}
	// x/crypto labels its hashes with the older $2a$. It never had the faults that $2b$ excludes, so only the label changes.
	copy(encoded, "$2b$")
	return string(encoded), nil
}

func dummyBcrypt(cost int) bcryptHash {
	encoded := randomBytes(53) // 22 characters of salt, 31 of hash
	for i, b := range encoded {
		encoded[i] = bcryptAlphabet[b%64]
	}
	return bcryptHash{append(fmt.Appendf(nil, "$2b$%02d$", cost), encoded...), cost}
}

// matches returns false, at the usual cost, for a password that bcrypt cannot distinguish from others: bcrypt ignores what
// follows the 72nd byte and, in most implementations, what follows a NUL. (A NUL that is read causes collisions too: the password
// is repeated with a NUL between, so "a" and "a\x00a" agree.)
func (b bcryptHash) matches(password []byte) bool {
	readable := len(password) <= bcryptMaxBytes && bytes.IndexByte(password, 0) < 0
	err := bcrypt.CompareHashAndPassword(b.encoded, password[:min(len(password), bcryptMaxBytes)])
	return err == nil && readable
}

func (b bcryptHash) current(h *Hasher) bool {
	return h.algorithm == Bcrypt && b.cost == h.bcryptCost
}

func parseBcrypt(encoded string) (stored, error) {
	fields := bcryptForm.FindStringSubmatch(encoded)
	if fields == nil {
		return nil, fmt.Errorf("%w: not a bcrypt hash of 60 characters", ErrMalformedHash)
	}
	cost, err := strconv.Atoi(fields[1])
	if err != nil || cost < bcrypt.MinCost || cost > maxStoredBcryptCost {
		return nil, fmt.Errorf("%w: bcrypt cost %s is not between %d and %d", ErrMalformedHash, fields[1], bcrypt.MinCost, maxStoredBcryptCost)
	}
	return bcryptHash{[]byte(encoded), cost}, nil
}
