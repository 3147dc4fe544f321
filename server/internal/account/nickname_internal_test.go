package account

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestNicknamesThatReadAlikeAreOne(t *testing.T) {
	t.Parallel()

	for _, alike := range [][]string{
		{"Ada", "ada", "ADA", "ａｄａ", "ＡＤＡ", "𝐀𝐝𝐚"},
		{"Straße", "STRASSE", "strasse", "STRAẞE"},
		{"ﬁn", "fin", "FIN"},
		{"Ångström", "A\u030angstro\u0308m", "ångström", "Ångström"},
		{"가나", "\u1100\u1161\u1102\u1161", "ᄀ\u1161나"},
		{"ΣΑΣ", "σας", "σασ"},
		{"①", "1"},
	} {
		for _, nickname := range alike {
			if got, want := nicknameKey(nickname), nicknameKey(alike[0]); got != want {
				t.Errorf("%q has key %q, %q has %q", nickname, got, alike[0], want)
			}
		}
	}
	for _, apart := range [][2]string{{"ada", "adá"}, {"ada", "adda"}, {"가", "나"}, {"a b", "ab"}, {"o", "0"}} {
		if nicknameKey(apart[0]) == nicknameKey(apart[1]) {
			t.Errorf("%q and %q are one", apart[0], apart[1])
		}
	}
}

// The key of a key is itself: otherwise a user could sign up under the key of another user's nickname. Case and normalization
// change nothing.
func TestIN02_ANicknameHasOneKey(t *testing.T) {
	t.Parallel()

	for r := rune(0); r <= unicode.MaxRune; r++ {
		// x/text folds Cherokee the wrong way round: capitals to small letters and small letters to capitals, so that
		// there, and only there, two nicknames that differ in case are two.
		if unicode.Is(unicode.Cherokee, r) {
			continue
		}
		// What a nickname can hold, without the many ideographs and syllables that are like each other.
		if !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S) || unicode.In(r, unicode.Unified_Ideograph, unicode.Tangut) ||
			'각' <= r && r <= '힡' {
			continue
		}
		// Between letters, since marks join what stands before them.
		for _, nickname := range []string{"a" + string(r), string(r) + "α"} {
			key := nicknameKey(nickname)
			for name, other := range map[string]string{
				"key": key, "NFD": norm.NFD.String(nickname), "NFKC": norm.NFKC.String(nickname),
			} {
				if got := nicknameKey(other); got != key {
					t.Errorf("%+q has key %+q, but its %s %+q has %+q", nickname, key, name, other, got)
				}
			}
			// Dotless i, and letters without a counterpart in the other case, fold to themselves (Unicode, CaseFolding.txt).
			if upper := strings.ToUpper(nickname); strings.ToLower(upper) == nickname && nicknameKey(upper) != key {
				t.Errorf("%+q has key %+q, but %+q has %+q", nickname, key, upper, nicknameKey(upper))
			}
		}
	}
}
