package password

import (
	"errors"
	"strings"
	"testing"
)

func TestPW03_BcryptNeverCuts(t *testing.T) {
	t.Parallel()
	h := newCheapBcrypt(t, 4)
	full := strings.Repeat("k", 72)
	encoded := mustHash(t, h, full)
	wantMatch(t, h, full, encoded, Match{OK: true})
	wantMatch(t, h, full+"more", encoded, Match{})
	wantMatch(t, h, full[:71], encoded, Match{})

	// bcrypt repeats the password with a NUL between, so these would be one.
	short := mustHash(t, h, "a")
	wantMatch(t, h, "a\x00a", short, Match{})
	wantMatch(t, h, "a\x00", short, Match{})
	wantMatch(t, h, "a\x00b", short, Match{})

	for password, want := range map[string]error{
		full + "k":              ErrTooLong,
		strings.Repeat("한", 25): ErrTooLong,
		"a\x00b":                ErrNUL,
	} {
		if encoded, err := h.Hash(t.Context(), password); !errors.Is(err, want) || encoded != "" {
			t.Errorf("Hash(%q) = %q, %v; want %v", password, encoded, err, want)
		}
	}
	if h.MaxBytes() != 72 {
		t.Errorf("MaxBytes = %d", h.MaxBytes())
	}
}
