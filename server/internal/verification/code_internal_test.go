package verification

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"testing"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func codeKey(t *testing.T, text string) secret.Key {
	t.Helper()
	m, err := secret.NewMaster(secret.NewText(text))
	if err != nil {
		t.Fatal(err)
	}
	return m.Key(codeKeyPurpose)
}

// nth returns ids that differ as little as possible, so that the outcome of the test is the same in every run.
func nth(n int) (u uuid.UUID) {
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	return u
}

// chiSquare measures how far counts are from all being equal.
func chiSquare(counts []int, total int) (sum float64) {
	want := float64(total) / float64(len(counts))
	for _, n := range counts {
		sum += (float64(n) - want) * (float64(n) - want) / want
	}
	return sum
}

func TestOT01_CodesAreUniform(t *testing.T) {
	t.Parallel()

	const total = 100_000
	key := codeKey(t, "a master secret for the test of uniformity")
	// Of six digits: each one, the first three and the last three.
	var digits [CodeLength][]int
	for i := range digits {
		digits[i] = make([]int, 10)
	}
	front, back := make([]int, 1000), make([]int, 1000)
	for n := range total {
		code := deriveCode(key, nth(n)).Reveal()
		number, err := strconv.Atoi(code)
		if err != nil || len(code) != CodeLength {
			t.Fatalf("code %q is not six digits", code)
		}
		for i, digit := range code {
			digits[i][digit-'0']++
		}
		front[number/1000]++
		back[number%1000]++
	}
	// For k equally likely outcomes the measure is k-1 on average, with a deviation of √(2(k-1)); the bounds are about
	// five deviations away.
	for i, counts := range digits {
		if got := chiSquare(counts, total); got > 30 {
			t.Errorf("digit %d: χ² = %.1f of %v", i, got, counts)
		}
	}
	for name, counts := range map[string][]int{"first": front, "last": back} {
		if got := chiSquare(counts, total); got > 999+5*45 || got < 999-5*45 {
			t.Errorf("the %s three digits: χ² = %.1f", name, got)
		}
	}
}

// Too great a draw would favour the low codes, and is passed over.
func TestOT01_NoCodeIsFavoured(t *testing.T) {
	t.Parallel()

	if drawLimit%codeSpace != 0 || drawLimit+codeSpace <= 1<<32 {
		t.Fatalf("drawLimit = %d", uint64(drawLimit))
	}
	key := codeKey(t, "a master secret for the test of great draws")
	passedOver := 0
	for n := range 40_000 {
		mac := hmac.New(sha256.New, key.Reveal())
		id := nth(n)
		mac.Write(id[:])
		mac.Write([]byte{0, 0, 0, 0})
		draws := mac.Sum(nil)
		draw := binary.BigEndian.Uint32(draws)
		if draw >= 4_294_000_000 {
			passedOver++
			draw = binary.BigEndian.Uint32(draws[4:])
		}
		if want, got := fmt.Sprintf("%06d", draw%1_000_000), deriveCode(key, id).Reveal(); got != want {
			t.Fatalf("code %d is %s, want %s", n, got, want)
		}
	}
	if passedOver == 0 {
		t.Error("no draw was too great: the test shows nothing")
	}
}

func TestOT01_LeadingZerosAreKept(t *testing.T) {
	t.Parallel()

	key := codeKey(t, "a master secret for the test of leading zeros")
	zeros := map[string]int{}
	for n := range 20_000 {
		code := deriveCode(key, nth(n)).Reveal()
		for _, prefix := range []string{"0", "00", "000"} {
			if len(code) == CodeLength && code[:len(prefix)] == prefix {
				zeros[prefix]++
			}
		}
	}
	for prefix, want := range map[string]int{"0": 2000, "00": 200, "000": 20} {
		if got := zeros[prefix]; got < want/2 || got > want*2 {
			t.Errorf("%d codes begin with %s, want about %d", got, prefix, want)
		}
	}
}

func TestOT01_ACodeHangsOnKeyAndVerification(t *testing.T) {
	t.Parallel()

	one, other := codeKey(t, "a master secret of one of two servers"), codeKey(t, "a master secret of the other server ")
	sameKey, sameID := 0, 0
	for n := range 10_000 {
		code := deriveCode(one, nth(n)).Reveal()
		if code != deriveCode(one, nth(n)).Reveal() {
			t.Fatal("a verification has two codes")
		}
		if code == deriveCode(one, nth(n+1)).Reveal() {
			sameKey++
		}
		if code == deriveCode(other, nth(n)).Reveal() {
			sameID++
		}
	}
	// One in a million agrees by chance.
	if sameKey > 3 || sameID > 3 {
		t.Errorf("%d neighbours and %d codes of another key agree", sameKey, sameID)
	}
}
