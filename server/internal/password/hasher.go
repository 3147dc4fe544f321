package password

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrMalformedHash means that a stored hash cannot be verified: its kind is unknown, it is damaged, or it needs more resources
// than any hash of ours. The stored row is at fault, not the user.
var ErrMalformedHash = errors.New("password: stored hash is malformed")

// A Hasher hashes passwords and verifies them. It is safe for concurrent use and limits concurrent hashing, so one process needs
// exactly one.
type Hasher struct {
	algorithm  Algorithm
	bcryptCost int
	argon2     Argon2Params
	limit      *limiter
	dummy      stored // what Verify uses if there is no stored hash
}

// Match is the result of a check.
type Match struct {
	// OK means that the password is right.
	OK bool
	// Stale means that the stored hash was made with another algorithm or other parameters than those configured, and that Hash
	// would accept this password: hash it again and replace the row. It is never set without OK.
	Stale bool
}

// stored is a parsed hash, ready to be compared.
type stored interface {
	matches(password []byte) bool // the expensive part
	current(h *Hasher) bool       // whether h would make the same kind of hash today
}

// New returns a Hasher, or all problems of the configuration.
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
	// The dummy is not a real hash: random bytes in place of the key match no password and take as long to verify. So it does not
	// delay the start.
	if h.algorithm == Bcrypt {
		h.dummy = dummyBcrypt(h.bcryptCost)
	} else {
		h.dummy = dummyArgon2id(h.argon2)
	}
	return h, nil
}

// MaxBytes returns the longest password, in bytes of UTF-8 after normalization, that Hash accepts. For bcrypt it is 72, which the
// policy must include: policy.WithMaxBytes(hasher.MaxBytes()).
func (h *Hasher) MaxBytes() int {
	if h.algorithm == Bcrypt {
		return bcryptMaxBytes
	}
	return maxBytes
}

// Hash returns the text to store for a new password: a PHC string for argon2id, the $2b$ form for bcrypt.
//
// It returns ErrTooLong or ErrNUL for a password that it does not hash, a *BusyError if too many hashes are running, and the
// context's error if the context ends first.
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
// A wrong password is a Match that is not OK, not an error. So is a password that cannot have a hash. If it is too long for any
// hash, the answer comes at once, for known and unknown users alike.
//
// If encoded is empty, there is no such user, or the user has no password. Verify then does the same work with the current
// parameters, so that the time of a failed sign-in does not reveal whether the identifier is known (REQUIREMENTS ID-08). A user
// with a stale hash may be distinguishable until the next successful sign-in has replaced it.
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
	// If the configured algorithm does not accept the password, its hash is kept: as stale, it would cause a failing replacement
	// at every sign-in.
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
