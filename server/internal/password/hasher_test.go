package password

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

const right = "Correct horse, 7 batteries"

func newHasher(t testing.TB, c Config) *Hasher {
	t.Helper()
	if c.Argon2 == (Argon2Params{}) {
		c.Argon2 = CheapArgon2()
	}
	if c.MaxWait == 0 && c.MaxQueue == 0 {
		// A machine that runs other tests is slow, which must not make the hasher refuse calls.
		c.MaxWait, c.MaxQueue = time.Minute, 1000
	}
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// newCheapBcrypt uses a lower cost than New allows: the race detector makes bcrypt twenty times slower.
func newCheapBcrypt(t testing.TB, cost int) *Hasher {
	t.Helper()
	h := newHasher(t, Config{Algorithm: Bcrypt})
	h.bcryptCost, h.dummy = cost, dummyBcrypt(cost)
	return h
}

func mustHash(t testing.TB, h *Hasher, password string) string {
	t.Helper()
	encoded, err := h.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func wantMatch(t testing.TB, h *Hasher, password, encoded string, want Match) {
	t.Helper()
	got, err := h.Verify(t.Context(), password, encoded)
	if err != nil || got != want {
		t.Errorf("Verify(%.20q, %s) = %+v, %v; want %+v", password, encoded, got, err, want)
	}
}

// Hashes made by other implementations; each entry names its source.
func TestPW06_HashesOfOtherImplementationsVerify(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct{ Source, Password, Hash string }
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	h := newHasher(t, Config{})
	for _, v := range vectors {
		t.Run(v.Hash, func(t *testing.T) {
			t.Parallel()
			wantMatch(t, h, v.Password, v.Hash, Match{OK: true, Stale: true})
			wantMatch(t, h, v.Password+"x", v.Hash, Match{})
		})
	}
}

func TestPW06_DefaultIsArgon2idOf19MiB(t *testing.T) {
	t.Parallel()
	h, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	encoded := mustHash(t, h, right)
	form := regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`)
	if !form.MatchString(encoded) {
		t.Errorf("hash %s has not the documented form", encoded)
	}
	wantMatch(t, h, right, encoded, Match{OK: true})
	if again := mustHash(t, h, right); again == encoded {
		t.Error("two hashes of one password are equal: the salt is not random")
	}
}

func TestPW06_BcryptIsOfferedAtCost10(t *testing.T) {
	t.Parallel()
	h := newHasher(t, Config{Algorithm: Bcrypt})
	encoded := mustHash(t, h, right)
	if !strings.HasPrefix(encoded, "$2b$10$") || len(encoded) != 60 {
		t.Errorf("hash %s has not the documented form", encoded)
	}
	wantMatch(t, h, right, encoded, Match{OK: true})
}

func TestPW06_StaleHashesAreReported(t *testing.T) {
	t.Parallel()
	argon := newHasher(t, Config{})
	stronger := newHasher(t, Config{Argon2: Argon2Params{Memory: 128, Time: 1, Parallelism: 1}})
	bcrypt, costlier := newCheapBcrypt(t, 4), newCheapBcrypt(t, 5)
	byArgon, byBcrypt := mustHash(t, argon, right), mustHash(t, bcrypt, right)

	wantMatch(t, argon, right, byArgon, Match{OK: true})
	wantMatch(t, stronger, right, byArgon, Match{OK: true, Stale: true})
	wantMatch(t, bcrypt, right, byArgon, Match{OK: true, Stale: true})
	wantMatch(t, argon, right, byBcrypt, Match{OK: true, Stale: true})
	wantMatch(t, bcrypt, right, byBcrypt, Match{OK: true})
	wantMatch(t, costlier, right, byBcrypt, Match{OK: true, Stale: true})
	wantMatch(t, bcrypt, right, "$2a"+byBcrypt[3:], Match{OK: true})
	wantMatch(t, stronger, "wrong", byArgon, Match{})

	// After a change of the setting to bcrypt this user could not be hashed again.
	long := strings.Repeat("long ", 20)
	wantMatch(t, bcrypt, long, mustHash(t, argon, long), Match{OK: true})
}

func TestPW02_EveryByteCounts(t *testing.T) {
	t.Parallel()
	h := newHasher(t, Config{})
	for _, password := range []string{strings.Repeat("x", 128), strings.Repeat("🔑", 128), strings.Repeat("한", 64)} {
		encoded := mustHash(t, h, password)
		wantMatch(t, h, password, encoded, Match{OK: true})
		wantMatch(t, h, strings.TrimSuffix(strings.TrimSuffix(password, "x"), "🔑")+"y", encoded, Match{})
	}
	for _, password := range []string{strings.Repeat("x", 129), strings.Repeat("🔑", 129)} {
		if _, err := h.Hash(t.Context(), password); !errors.Is(err, ErrTooLong) {
			t.Errorf("129 code points: %v", err)
		}
	}
}

func TestPW04_OneNormalisationAndSpacesKept(t *testing.T) {
	t.Parallel()
	h := newHasher(t, Config{})
	composed := norm.NFC.String("Ünïcödé 한글 비밀번호 ")
	encoded := mustHash(t, h, composed)
	wantMatch(t, h, norm.NFD.String(composed), encoded, Match{OK: true})
	wantMatch(t, h, composed, mustHash(t, h, norm.NFD.String(composed)), Match{OK: true})
	wantMatch(t, h, strings.TrimSpace(composed), encoded, Match{})
	wantMatch(t, h, " "+composed, encoded, Match{})
	wantMatch(t, h, strings.ToLower(composed), encoded, Match{})
	// Compatibility forms stay distinct: NFC, not NFKC.
	wantMatch(t, h, "ﬁsh and chips", mustHash(t, h, "fish and chips"), Match{})
	// The longest password sent decomposed, three times as long, still fits.
	wantMatch(t, h, norm.NFD.String(strings.Repeat("한", 128)), mustHash(t, h, strings.Repeat("한", 128)), Match{OK: true})
}
