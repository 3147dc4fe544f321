package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/id"
)

const pageTokenPurpose = "page tokens of activity lists, HMAC-SHA256, v1"

// A page token is where a list goes on, and a proof that we said so: bound to the account, it opens no other list.
func (l *Log) pageToken(user id.User, last uuid.UUID) string {
	return base64.RawURLEncoding.EncodeToString(append(last[:], l.pageTokenMAC(user, last)...))
}

func (l *Log) readPageToken(user id.User, token string) (uuid.UUID, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != len(uuid.UUID{})+pageTokenMACSize {
		return uuid.Nil, false
	}
	last := uuid.UUID(raw[:len(uuid.UUID{})])
	return last, hmac.Equal(raw[len(last):], l.pageTokenMAC(user, last))
}

// 128 bits, which nobody guesses.
const pageTokenMACSize = 16

func (l *Log) pageTokenMAC(user id.User, last uuid.UUID) []byte {
	mac := hmac.New(sha256.New, l.key.Reveal())
	mac.Write(user[:])
	mac.Write(last[:])
	return mac.Sum(nil)[:pageTokenMACSize]
}
