package password

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// PW-05, ASVS 6.2.4: at least the 3,000 most common passwords that the policy would
// otherwise allow. This counts a small part of what is refused: each listed word in the
// dress it usually wears.
func TestPW05_FarMoreThan3000AreRefused(t *testing.T) {
	t.Parallel()
	refused := map[string]bool{}
	for _, word := range entries(wordsFile) {
		_, first := utf8.DecodeRuneInString(word)
		title := strings.ToUpper(word[:first]) + word[first:]
		for _, candidate := range []string{
			word, keystrokes(word), word + word, word + "1234", title + "123!", title + "2025!", word + "1004", "1q2w" + word, "qwer" + word,
			lookAlike.Replace(strings.TrimRight(word, "0123456789")) + "12",
		} {
			if utf8.RuneCountInString(candidate) < modernMinLength {
				continue
			}
			if !isCommon(candidate) {
				t.Errorf("%q is not refused", candidate)
			}
			refused[candidate] = true
		}
	}
	if len(refused) < 3000 {
		t.Errorf("only %d passwords", len(refused))
	}
	t.Logf("%d words, %d passwords", len(entries(wordsFile)), len(refused))
}

var lookAlike = strings.NewReplacer("a", "@", "o", "0", "i", "1", "e", "3", "s", "$")

// The passwords of a password manager must not count as common.
func TestPW05_RandomPasswordsAreNotRefused(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range []string{
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&*+-=?@_",
		"abcdefghijklmnopqrstuvwxyz",
		"abcdef0123456789",
		"가나다라마바사아자차카타파하기니디리미비시이지치키티피히고노도로모보소오조초코토포호",
	} {
		letters := []rune(alphabet)
		for range 5000 {
			p := make([]rune, 14)
			for i := range p {
				p[i] = letters[random.IntN(len(letters))]
			}
			if isCommon(string(p)) {
				t.Errorf("%q is refused", string(p))
			}
		}
	}
}

func TestPW05_TheDataFilesAreInOrder(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, w := range entries(wordsFile) {
		if string(fold(w)) != string([]rune(strings.ToLower(w))) || seen[w] {
			t.Errorf("%q is not in lower case, or twice", w)
		}
		seen[w] = true
		// A word cheaper as single characters would be dead weight.
		if singles := len([]rune(keystrokes(w))) * priceLetter; singles <= priceWord && w == keystrokes(w) {
			t.Errorf("%q is too short to matter", w)
		}
	}
	if n := len(seen); n < 1500 || n > 4000 {
		t.Errorf("%d words: does priceWord still fit?", n)
	}
}

func TestPW05_KeystrokesOfHangul(t *testing.T) {
	t.Parallel()
	for hangul, keys := range map[string]string{
		"안녕": "dkssud", "사랑해": "tkfkdgo", "비밀번호": "qlalfqjsgh", "김철수": "rlacjftn", "값없는 닭": "rkqtdjqtsms ekfr",
		"가": "rk", "힣": "glg", "뷁": "qnpfr", "plain 1": "plain 1",
	} {
		if got := keystrokes(hangul); got != keys {
			t.Errorf("%s: %s, want %s", hangul, got, keys)
		}
	}
}

func TestPW05_Period(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "a": 1, "ab": 2, "aa": 1, "abab": 2, "ababa": 2, "abcab": 5, "abcabcab": 3, "aaaaaaab": 8} {
		if got := period([]rune(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("Password1!", "ada@example.com")
	f.Add("\xff\x00", "+82 10-1234-5678")
	f.Add("ﷺﷺﷺﷺ", "김민수")
	f.Fuzz(func(t *testing.T, password, own string) {
		for _, p := range []Policy{Classic(), Modern()} {
			first := fmt.Sprint(p.Check(password, own))
			if again := fmt.Sprint(p.Check(password, own)); again != first {
				t.Errorf("%s, then %s", first, again)
			}
		}
	})
}
