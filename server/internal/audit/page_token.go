package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Tokens of v1 named the entry alone, and are refused: a token is of use only while its list is being paged through.
const pageTokenPurpose = "page tokens of activity lists, HMAC-SHA256, v2"

// position is where a list goes on: behind the entry with this time and id.
type position struct {
	at time.Time
	id uuid.UUID
}

// top is in front of every entry.
var top = position{at: time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC), id: uuid.Max}

// The time in microseconds, which is Postgres' precision, and the id.
const positionSize = 8 + len(uuid.UUID{})

func (p position) bytes() []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(p.at.UnixMicro())), p.id[:]...)
}

// A page token is a position, and a proof that we named it: bound to the account, it opens no other list.
func (l *Log) pageToken(user id.User, last position) string {
	raw := last.bytes()
	return base64.RawURLEncoding.EncodeToString(append(raw, l.pageTokenMAC(user, raw)...))
}

func (l *Log) readPageToken(user id.User, token string) (position, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != positionSize+pageTokenMACSize {
		return position{}, false
	}
	named, mac := raw[:positionSize], raw[positionSize:]
	if !hmac.Equal(mac, l.pageTokenMAC(user, named)) {
		return position{}, false
	}
	return position{at: time.UnixMicro(int64(binary.BigEndian.Uint64(named))).UTC(), id: uuid.UUID(named[8:])}, true
}

// 128 bits, which cannot be guessed.
const pageTokenMACSize = 16

func (l *Log) pageTokenMAC(user id.User, position []byte) []byte {
	mac := hmac.New(sha256.New, l.key.Reveal())
	mac.Write(user[:])
	mac.Write(position)
	return mac.Sum(nil)[:pageTokenMACSize]
}
