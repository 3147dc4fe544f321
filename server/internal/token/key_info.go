package token

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// KeyState is the state of a key.
type KeyState string

// The states, in order. In all of them, the tokens of the key are valid.
const (
	// KeyNext is published, and does not sign yet.
	KeyNext KeyState = "next"
	// KeySigning signs.
	KeySigning KeyState = "signing"
	// KeyRetired does not sign any more, and stays while tokens signed by it can be valid.
	KeyRetired KeyState = "retired"
)

// KeyInfo is the public information about a key.
type KeyInfo struct {
	ID        string
	Algorithm Algorithm
	State     KeyState
	CreatedAt time.Time
	SignsFrom time.Time
	// RemovedAt is the zero time if there is no key after it.
	RemovedAt time.Time
}

// ListKeys returns the keys of a database in the order in which they sign. It needs no master secret.
func ListKeys(ctx context.Context, d *db.DB) ([]KeyInfo, error) {
	rows, err := list(ctx, dbsqlc.New(), d)
	if err != nil {
		return nil, err
	}
	now := d.Clock()
	keys := make([]KeyInfo, len(rows))
	for i := range rows {
		keys[i] = rows.info(i, now)
	}
	return keys, nil
}

func (s schedule) info(i int, now time.Time) KeyInfo {
	row := s[i]
	info := KeyInfo{
		ID:        row.Kid,
		Algorithm: Algorithm(row.Algorithm),
		State:     KeySigning,
		CreatedAt: row.CreatedAt,
		SignsFrom: row.ActiveFrom,
		RemovedAt: s.removal(i),
	}
	switch signing := s.signing(now); {
	case i < signing:
		info.State = KeyRetired
	case i > signing, row.ActiveFrom.After(now):
		info.State = KeyNext
	}
	return info
}
