package password

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"

	"golang.org/x/crypto/bcrypt"
)

// bcryptMaxBytes is what bcrypt reads of a password. Beyond it every password with
// the same beginning would be the same, so longer ones never reach it.
const bcryptMaxBytes = 72

// maxStoredBcryptCost is the highest cost accepted from a stored hash: one above what
// we make, about two seconds. The format itself would allow 31, which is days.
const maxStoredBcryptCost = MaxBcryptCost + 1

// bcryptAlphabet is the base64 of bcrypt, in its own order.
const bcryptAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// $2a$, $2b$ and $2y$ name the same computation for passwords without NUL of at most 72
// bytes. $2x$ marks hashes made by an old faulty implementation, which we do not imitate.
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
	// x/crypto labels its hashes with the older $2a$. It never had the faults that
	// the letter b declares absent, so the label is all that changes.
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

// matches is false, at the usual cost, for a password that bcrypt cannot tell from
// another: it sees neither what follows the 72nd byte nor, in most implementations, what
// follows a NUL. (Nor is a NUL harmless where it is read: the password is repeated with a
// NUL between, so that "a" and "a\x00a" agree.)
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
