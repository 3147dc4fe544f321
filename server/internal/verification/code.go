package verification

import (
	"encoding/binary"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// CodeLength is the number of decimal digits of a code.
const CodeLength = 6

const (
	codeKeyPurpose = "one-time codes, HMAC-SHA256, v1"
	codeSpace      = 1_000_000
	// The greatest multiple of codeSpace below 2^32. A number at or above it would make low codes more likely.
	drawLimit = (1 << 32) / codeSpace * codeSpace
)

// deriveCode returns the code of a verification: uniform over 000000 to 999999, and unpredictable without the key. So the code is
// not stored, and a retried job sends the same one.
func deriveCode(key secret.Key, verification uuid.UUID) secret.Text {
	for block := uint32(0); ; block++ {
		draws := key.MAC(verification[:], binary.BigEndian.AppendUint32(nil, block))
		for ; len(draws) > 0; draws = draws[4:] {
			if draw := binary.BigEndian.Uint32(draws); draw < drawLimit {
				return secret.NewText(fmt.Sprintf("%0*d", CodeLength, draw%codeSpace))
			}
		}
	}
}
