// Package pagetoken makes the tokens with which callers request the next page of a list. A token holds the position of the last
// row of the previous page and a MAC, so that callers cannot make one, or use one for another list.
package pagetoken

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Position is the position of a row in a list that is sorted by time, newest first: its time, and its id among rows of the same
// time.
type Position struct {
	At time.Time
	ID uuid.UUID
}

// Start comes before every row.
var Start = Position{At: time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC), ID: uuid.Max}

// The time in microseconds, the precision of Postgres, and the id.
const positionSize = 8 + len(uuid.UUID{})

func (p Position) bytes() []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(p.At.UnixMicro())), p.ID[:]...)
}

// 128 bits, too many to guess.
const macSize = 16

// Signer makes and reads the tokens of one kind of list. Its methods may be called from many goroutines.
type Signer struct{ key secret.Key }

// NewSigner returns the Signer of a kind of list. The purpose, for the derivation of the key, names the kind and the version of
// its tokens.
func NewSigner(master secret.Master, purpose string) Signer { return Signer{key: master.Key(purpose)} }

// Token returns the token of the page after last. It is valid only for the list of the owner, whose id has a fixed length.
func (s Signer) Token(owner []byte, last Position) string {
	raw := last.bytes()
	return base64.RawURLEncoding.EncodeToString(append(raw, s.mac(owner, raw)...))
}

// Read returns the position after which the page begins. An empty token means the first page. Read refuses with INVALID_FIELDS if
// the token is not for this kind of list and this owner.
func (s Signer) Read(owner []byte, token string) (Position, error) {
	if token == "" {
		return Start, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != positionSize+macSize {
		return Position{}, unknown()
	}
	named, mac := raw[:positionSize], raw[positionSize:]
	if !hmac.Equal(mac, s.mac(owner, named)) {
		return Position{}, unknown()
	}
	return Position{At: time.UnixMicro(int64(binary.BigEndian.Uint64(named))).UTC(), ID: uuid.UUID(named[8:])}, nil
}

func (s Signer) mac(owner, position []byte) []byte { return s.key.MAC(owner, position)[:macSize] }

func unknown() error {
	return fault.Invalid(fault.Violation{
		Field: "pageToken", Rule: "page_token.unknown", Message: "Send the nextPageToken of the answer before.",
	})
}
