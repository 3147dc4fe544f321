package token

import (
	"time"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// The times of a rotation. A key is published for Lead before it signs, which is longer than it takes every replica to
// load it and every verifier's copy of the key set to end: so nobody meets a key that they do not know.
const (
	// Lead is how long a new key is published before it signs.
	Lead = 10 * time.Minute
	// ReloadInterval is how often a server looks for changes of the ring. A removed key is refused after that at the latest.
	ReloadInterval = 15 * time.Second
	// KeySetMaxAge is how long others may use a copy of the key set.
	KeySetMaxAge = 5 * time.Minute
)

// schedule is the rows of signing_keys in the order in which the keys sign. It is never empty but before the first start.
type schedule []dbsqlc.SigningKey

// signing gives the place of the key whose turn it is.
func (s schedule) signing(now time.Time) int {
	for i := len(s) - 1; i > 0; i-- {
		if !s[i].ActiveFrom.After(now) {
			return i
		}
	}
	return 0
}

// removal tells when no token of a key can live any more, or the zero time while nobody knows when the key stops signing.
func (s schedule) removal(i int) time.Time {
	if i+1 == len(s) {
		return time.Time{}
	}
	lives := time.Duration(s[i].TokenSeconds) * time.Second
	return s[i+1].ActiveFrom.Add(lives + maxSkew)
}

// dead names the keys that can go.
func (s schedule) dead(now time.Time) (kids []string) {
	for i := range s.signing(now) {
		if !now.Before(s.removal(i)) {
			kids = append(kids, s[i].Kid)
		}
	}
	return kids
}

// understated names the keys that sign, or will, and are noted for tokens that live shorter than this.
func (s schedule) understated(now time.Time, seconds int32) (kids []string) {
	for _, row := range s[min(s.signing(now), len(s)):] {
		if row.TokenSeconds < seconds {
			kids = append(kids, row.Kid)
		}
	}
	return kids
}

// needsNext tells whether a key is missing: there is none, or the newest one has signed for too long. A server that starts
// also wants the newest key to be of its algorithm. One that runs does not: while replicas with two settings run side by
// side, each would go on making keys against the other.
func (s schedule) needsNext(cfg Config, now time.Time, starting bool) bool {
	if len(s) == 0 {
		return true
	}
	newest := s[len(s)-1]
	return cfg.KeyMaxAge > 0 && !now.Before(newest.ActiveFrom.Add(cfg.KeyMaxAge)) ||
		starting && newest.Algorithm != string(cfg.Algorithm)
}

// nextTurn tells from when on a new key signs. The very first one signs at once: there is no verifier that it could
// surprise.
func (s schedule) nextTurn(now time.Time) time.Time {
	if len(s) == 0 {
		return now
	}
	return now.Add(Lead)
}
