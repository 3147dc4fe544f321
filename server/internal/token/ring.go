package token

import (
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// ring is the set of keys at one moment. It is immutable: a reload creates another one.
type ring struct {
	// keys are the keys that tokens may name.
	keys map[string]*key
	// turns are sorted by the time from which they sign. There is at least one.
	turns []turn
	jwks  KeySet
}

// turn is the time in which a key signs. It ends when the next one begins.
type turn struct {
	key  *key
	from time.Time
}

var errNoKeys = errors.New("there is no signing key in the database")

// openRing decrypts the keys of a schedule. It takes unchanged keys from the previous ring.
func openRing(encryption secret.Key, rows schedule, before *ring) (*ring, error) {
	if len(rows) == 0 {
		return nil, errNoKeys
	}
	r := &ring{keys: make(map[string]*key, len(rows))}
	for _, row := range rows {
		var k *key
		if before != nil {
			k = before.keys[row.Kid]
		}
		if k == nil || !k.stands(row) {
			var err error
			if k, err = openKey(encryption, row); err != nil {
				return nil, err
			}
		}
		r.keys[k.id] = k
		r.turns = append(r.turns, turn{key: k, from: row.ActiveFrom})
	}
	var err error
	r.jwks, err = publish(r.turns)
	return r, err
}

// signing returns the key that signs now. All replicas use the database's time, so they switch at the same moment, if they have
// loaded the ring before.
func (r *ring) signing(now time.Time) *key {
	for i := len(r.turns) - 1; i > 0; i-- {
		if !r.turns[i].from.After(now) {
			return r.turns[i].key
		}
	}
	return r.turns[0].key
}
