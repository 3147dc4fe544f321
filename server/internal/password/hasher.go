package password

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrMalformedHash means that a stored hash cannot be verified: it is of no known
// kind, damaged, or asks for more than any hash of ours would. It is a fault of the
// stored row, never of the person signing in.
var ErrMalformedHash = errors.New("password: stored hash is malformed")

// A Hasher turns passwords into what is stored, and checks them against it. It is
// safe for concurrent use and holds the bound on concurrent hashing, so one process
// needs exactly one.
type Hasher struct {
	algorithm  Algorithm
	bcryptCost int
	argon2     Argon2Params
	limit      *limiter
	dummy      stored // what Verify checks against when there is no stored hash
}

// Match is the outcome of a check.
type Match struct {
	// OK says that the password is the right one.
	OK bool
	// Stale says that the stored hash was made with another algorithm or other
	// parameters than those configured, and that Hash would accept this password: hash
	// it again and replace the row. Never set without OK.
	Stale bool
}

// stored is a parsed hash, ready to be compared.
type stored interface {
	matches(password []byte) bool // the expensive part
	current(h *Hasher) bool       // made as h would make it today
}

// New returns a Hasher, or every problem of the configuration.
func New(c Config) (*Hasher, error) {
	c = c.withDefaults()
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("password: %w", err)
	}
	h := &Hasher{
		algorithm:  c.Algorithm,
		bcryptCost: c.BcryptCost,
		argon2:     c.Argon2,
		limit:      newLimiter(c.MaxConcurrent, c.MaxQueue, c.MaxWait),
	}
	// A dummy needs no hashing, only the shape of one: random bytes in place of the
	// key match no password and take as long to disprove. So it does not delay the start.
	if h.algorithm == Bcrypt {
		h.dummy = dummyBcrypt(h.bcryptCost)
	} else {
		h.dummy = dummyArgon2id(h.argon2)
	}
	return h, nil
}

// MaxBytes is the longest password, in bytes of UTF-8 after normalisation, that Hash
// accepts. Under bcrypt it is 72, and a policy has to say so:
// policy.WithMaxBytes(hasher.MaxBytes()).
func (h *Hasher) MaxBytes() int {
	if h.algorithm == Bcrypt {
		return bcryptMaxBytes
	}
	return maxBytes
}

// Hash returns what to store for a new password: a PHC string for argon2id, the
// $2b$ form for bcrypt.
//
// It returns ErrTooLong or ErrNUL for a password that it will not hash, a *BusyError
// when too many hashes are under way, and the context's error when that ends first.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	p, ok := normalize(password)
	if !ok {
		return "", ErrTooLong
	}
	if err := h.accepts(p); err != nil {
		return "", err
	}
	var encoded string
	err := h.limit.do(ctx, func() (err error) {
		if h.algorithm == Bcrypt {
			encoded, err = hashBcrypt([]byte(p), h.bcryptCost)
			return err
		}
		encoded = hashArgon2id([]byte(p), h.argon2)
		return nil
	})
	return encoded, err
}

// Verify checks a password against a stored hash of either algorithm.
//
// A wrong password is a Match that is not OK, not an error. So is one that no hash
// can stand for; if only its length rules it out, the answer takes no time at all, for
// known and unknown users alike.
//
// An empty encoded means that there is no such user, or that the user has no password.
// Verify then does the same work under the current parameters, so that the time of a
// failed sign-in does not tell whether the identifier is known (REQUIREMENTS ID-08). A
// user whose hash is stale may still be told apart by it, until the next successful
// sign-in has replaced that hash.
//
// The errors are ErrMalformedHash, *BusyError, and the context's.
func (h *Hasher) Verify(ctx context.Context, password, encoded string) (Match, error) {
	s := h.dummy
	if encoded != "" {
		var err error
		if s, err = parse(encoded); err != nil {
			return Match{}, err
		}
	}
	p, ok := normalize(password)
	if !ok {
		return Match{}, nil
	}
	var m Match
	err := h.limit.do(ctx, func() error {
		m.OK = s.matches([]byte(p))
		return nil
	})
	// A password that the configured algorithm cannot take keeps its hash: calling it
	// stale would turn every sign-in of this user into a failing replacement.
	m.Stale = m.OK && !s.current(h) && h.accepts(p) == nil
	return m, err
}

func parse(encoded string) (stored, error) {
	switch {
	case strings.HasPrefix(encoded, "$argon2id$"):
		return parseArgon2id(encoded)
	case strings.HasPrefix(encoded, "$2"):
		return parseBcrypt(encoded)
	default:
		return nil, fmt.Errorf("%w: unknown algorithm", ErrMalformedHash)
	}
}
