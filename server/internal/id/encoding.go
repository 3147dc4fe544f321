package id

import (
	"strings"

	"github.com/google/uuid"
)

const encodedLength = 26

func encode(u uuid.UUID) string {
	return strings.ToLower(encoding.EncodeToString(u[:]))
}

func decode(prefix, text string) (uuid.UUID, error) {
	digits, ok := strings.CutPrefix(text, prefix)
	if !ok || len(digits) != encodedLength {
		return uuid.Nil, ErrMalformed
	}
	raw, err := encoding.DecodeString(strings.ToUpper(digits))
	if err != nil {
		return uuid.Nil, ErrMalformed
	}
	u, err := uuid.FromBytes(raw)
	// Each identifier has one spelling: upper case, and bits beyond the 128th, would be others.
	if err != nil || encode(u) != digits {
		return uuid.Nil, ErrMalformed
	}
	return u, nil
}
