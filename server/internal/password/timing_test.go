package password

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The certain half: what an unknown user is checked against has the very parameters of a new hash.
func TestID08_TheDummyIsLikeANewHash(t *testing.T) {
	t.Parallel()
	for _, c := range []Config{{}, {Algorithm: Bcrypt}, {Algorithm: Bcrypt, BcryptCost: 11}} {
		h := newHasher(t, c)
		if !h.dummy.current(h) {
			t.Errorf("%+v: the dummy is not current", c)
		}
		if b, ok := h.dummy.(bcryptHash); ok {
			if _, err := parse(string(b.encoded)); err != nil {
				t.Errorf("the dummy %s: %v", b.encoded, err)
			}
		} else if _, err := parse(h.dummy.(argon2idHash).String()); err != nil {
			t.Error(err)
		}
	}
}

func TestID08_AnUnknownUserTakesAsLong(t *testing.T) {
	t.Parallel()
	for _, h := range []*Hasher{newHasher(t, Config{}), newCheapBcrypt(t, 4)} {
		for _, password := range []string{right, "", "\x00"} {
			wantMatch(t, h, password, "", Match{})
		}
	}
}

// The measured half. What it would catch, a path that hashes nothing or another number of
// times, is off by far more than the bound, and one quiet round out of ten is enough: so
// it does not fail on a busy machine.
func TestID08_UnknownCostsWhatKnownDoes(t *testing.T) {
	t.Parallel()
	argon := newHasher(t, Config{Argon2: Argon2Params{Memory: 2048, Time: 1, Parallelism: 1}})
	bcrypt := newCheapBcrypt(t, 6)
	byArgon, byBcrypt := mustHash(t, argon, right), mustHash(t, bcrypt, right)

	verify := func(h *Hasher, password, encoded string) func() {
		return func() { _, _ = h.Verify(t.Context(), password, encoded) }
	}
	for name, pair := range map[string][2]func(){
		"argon2id unknown":     {verify(argon, "wrong", byArgon), verify(argon, "wrong", "")},
		"bcrypt unknown":       {verify(bcrypt, "wrong", byBcrypt), verify(bcrypt, "wrong", "")},
		"bcrypt over 72 bytes": {verify(bcrypt, "wrong", byBcrypt), verify(bcrypt, strings.Repeat("x", 100), byBcrypt)},
		"bcrypt with NUL":      {verify(bcrypt, "wrong", byBcrypt), verify(bcrypt, "wr\x00ng", byBcrypt)},
	} {
		if !similar(pair[0], pair[1]) {
			t.Errorf("%s: the time distinguishes them", name)
		}
	}
}

func similar(a, b func()) bool {
	const rounds, samples, bound = 10, 5, 2.0
	for range rounds {
		var as, bs []time.Duration
		for range samples {
			as, bs = append(as, timed(a)), append(bs, timed(b))
		}
		slices.Sort(as)
		slices.Sort(bs)
		if ratio := float64(as[samples/2]) / float64(bs[samples/2]); ratio < bound && ratio > 1/bound {
			return true
		}
	}
	return false
}

func timed(f func()) time.Duration {
	begin := time.Now()
	f()
	return time.Since(begin)
}
