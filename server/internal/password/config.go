package password

import (
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Algorithm is the hash algorithm for new passwords.
type Algorithm string

// The algorithms, by their names in settings.
const (
	Argon2id Algorithm = "argon2id"
	Bcrypt   Algorithm = "bcrypt"
)

// Bounds of the bcrypt cost for new hashes. OWASP Password Storage Cheat Sheet,
// "bcrypt": a work factor of at least 10. Each step doubles the time; 14 is about
// a second, past which sign-in itself becomes the denial of service.
const (
	MinBcryptCost     = 10
	MaxBcryptCost     = 14
	DefaultBcryptCost = MinBcryptCost
)

// Defaults of the queue. With a hash of about 30 ms, eight waiting per running hash take a quarter of a second, which users do
// not notice at sign-in. MaxWait is for slower settings, with which eight are too many.
const (
	defaultQueuePerSlot = 8
	defaultMaxWait      = 2 * time.Second
)

// Config configures the hashing of new passwords, and how much of the machine it may use. The zero value of every field means its
// default.
type Config struct {
	// Policy is the name of the policy for new passwords, for ParsePolicy. A Hasher does not use it.
	Policy     string       `name:"password-policy" default:"classic" placeholder:"POLICY" help:"Rule for new passwords: classic or modern."`
	Algorithm  Algorithm    `name:"password-hash" default:"argon2id" placeholder:"ALGORITHM" help:"How new passwords are hashed: argon2id or bcrypt."`
	BcryptCost int          `name:"bcrypt-cost" default:"10" placeholder:"COST" help:"Cost of bcrypt, 10 to 14."`
	Argon2     Argon2Params `kong:"-"` // default DefaultArgon2

	// MaxConcurrent is how many hashes run at the same time; default GOMAXPROCS, since more would not finish sooner. One fewer
	// leaves a processor for everything else: behind GOMAXPROCS hashes, a ready goroutine waits for a time slice of about 10 ms.
	// The working memory is at most MaxConcurrent × Argon2.Memory, or 128 MiB for each stored hash that needs as much, plus what
	// the garbage collector has not freed yet.
	MaxConcurrent int `kong:"-"`
	// MaxQueue is how many callers may wait; default 8 × MaxConcurrent.
	MaxQueue int `kong:"-"`
	// MaxWait is how long each of them may wait; default two seconds.
	MaxWait time.Duration `kong:"-"`
}

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if _, err := ParsePolicy(c.Policy); err != nil {
		report("password-policy", "%q is not one of classic, modern", c.Policy)
	}
	if c.Algorithm != Argon2id && c.Algorithm != Bcrypt {
		report("password-hash", "%q is not one of %s, %s", c.Algorithm, Argon2id, Bcrypt)
	}
	if c.BcryptCost < MinBcryptCost || c.BcryptCost > MaxBcryptCost {
		report("bcrypt-cost", "%d is not between %d and %d", c.BcryptCost, MinBcryptCost, MaxBcryptCost)
	}
}

// validate returns every problem, also of fields that are not settings.
func (c Config) validate() error {
	var problems []error
	c.Validate(func(setting, format string, args ...any) {
		problems = append(problems, errors.New(setting+": "+fmt.Sprintf(format, args...)))
	})
	if err := c.Argon2.validate(); err != nil {
		problems = append(problems, err)
	}
	if c.MaxConcurrent < 0 || c.MaxQueue < 0 || c.MaxWait < 0 {
		problems = append(problems, errors.New("concurrency, queue and wait must not be negative"))
	}
	return errors.Join(problems...)
}

func (c Config) withDefaults() Config {
	if c.Policy == "" {
		c.Policy = classicName
	}
	if c.Algorithm == "" {
		c.Algorithm = Argon2id
	}
	if c.BcryptCost == 0 {
		c.BcryptCost = DefaultBcryptCost
	}
	if c.Argon2 == (Argon2Params{}) {
		c.Argon2 = DefaultArgon2()
	}
	if c.MaxConcurrent == 0 {
		c.MaxConcurrent = runtime.GOMAXPROCS(0)
	}
	if c.MaxQueue == 0 {
		c.MaxQueue = defaultQueuePerSlot * c.MaxConcurrent
	}
	if c.MaxWait == 0 {
		c.MaxWait = defaultMaxWait
	}
	return c
}
