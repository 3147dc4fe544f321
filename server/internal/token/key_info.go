package token

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// KeyState tells what a key does.
type KeyState string

// The states, in the order in which a key goes through them. Tokens of a key are good in all of them.
const (
	// KeyNext is published, and does not sign yet.
	KeyNext KeyState = "next"
	// KeySigning is the one that signs.
	KeySigning KeyState = "signing"
	// KeyRetired does not sign any more, and stays while tokens of it can live.
	KeyRetired KeyState = "retired"
)

// KeyInfo is what everybody may know of a key.
type KeyInfo struct {
	ID        string
	Algorithm Algorithm
	State     KeyState
	CreatedAt time.Time
	SignsFrom time.Time
	// RemovedAt is the zero time while no other key is there to follow.
	RemovedAt time.Time
}

// ListKeys gives the keys of a database in the order in which they sign. It needs no master secret.
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
