package token

import (
	"time"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// The times of a rotation. A key is published for Lead before it signs. That is longer than every replica needs to load it, and
// longer than any verifier may cache the key set. So no verifier gets a token with a key that it does not know.
const (
	// Lead is how long a new key is published before it signs.
	Lead = 10 * time.Minute
	// ReloadInterval is how often a server reloads the ring. A removed key is refused after that time at the latest.
	ReloadInterval = 15 * time.Second
	// KeySetMaxAge is how long verifiers may cache the key set.
	KeySetMaxAge = 5 * time.Minute
)

// schedule holds the rows of signing_keys in the order in which the keys sign. It is empty only before the first start.
type schedule []dbsqlc.SigningKey

// signing returns the index of the key that signs now.
func (s schedule) signing(now time.Time) int {
	for i := len(s) - 1; i > 0; i-- {
		if !s[i].ActiveFrom.After(now) {
			return i
		}
	}
	return 0
}

// removal returns when no token of a key can be valid any more, or the zero time if it is unknown when the key stops signing.
func (s schedule) removal(i int) time.Time {
	if i+1 == len(s) {
		return time.Time{}
	}
	lives := time.Duration(s[i].TokenSeconds) * time.Second
	return s[i+1].ActiveFrom.Add(lives + maxSkew)
}

// dead returns the ids of the keys that can be removed.
func (s schedule) dead(now time.Time) (kids []string) {
	for i := range s.signing(now) {
		if !now.Before(s.removal(i)) {
			kids = append(kids, s[i].Kid)
		}
	}
	return kids
}

// understated returns the ids of keys that sign, or will, and whose rows have a shorter token lifetime than this.
func (s schedule) understated(now time.Time, seconds int32) (kids []string) {
	for _, row := range s[min(s.signing(now), len(s)):] {
		if row.TokenSeconds < seconds {
			kids = append(kids, row.Kid)
		}
	}
	return kids
}

// needsNext reports whether a new key is needed: there is no key, or the newest one has signed for longer than KeyMaxAge. At its start, a
// server also needs a key of the algorithm that is set. Later it does not: two replicas with different settings would replace each
// other's keys forever.
func (s schedule) needsNext(cfg Config, now time.Time, starting bool) bool {
	if len(s) == 0 {
		return true
	}
	newest := s[len(s)-1]
	return cfg.KeyMaxAge > 0 && !now.Before(newest.ActiveFrom.Add(cfg.KeyMaxAge)) ||
		starting && newest.Algorithm != string(cfg.Algorithm)
}

// nextTurn returns when a new key begins to sign. The very first key signs at once, since there is no verifier yet.
func (s schedule) nextTurn(now time.Time) time.Time {
	if len(s) == 0 {
		return now
	}
	return now.Add(Lead)
}
