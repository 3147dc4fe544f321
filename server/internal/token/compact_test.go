package token_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

func TestJW02_OtherSerialisationsAreRefused(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for _, good := range []string{b.access, b.refresh} {
		three := strings.Split(good, ".")
		signature := object{"protected": three[0], "signature": three[2]}
		flattened := signature.with(object{"payload": three[1]})
		general := object{"payload": three[1], "signatures": []object{signature}}
		for name, form := range map[string]object{
			"flattened": flattened, "general": general, "both": flattened.with(general),
		} {
			text, err := json.Marshal(form)
			if err != nil {
				t.Fatal(err)
			}
			b.refused(t, name, string(text))
		}
		for name, text := range map[string]string{
			"detached payload":  three[0] + ".." + three[2],
			"no signature":      three[0] + "." + three[1] + ".",
			"no header":         "." + three[1] + "." + three[2],
			"two parts":         three[0] + "." + three[1],
			"four parts":        good + "." + three[2],
			"empty fourth part": good + ".",
			"empty first part":  "." + good,
			"five parts":        three[0] + "." + three[1] + "." + three[2] + ".AA.AA",
			"percent-encoded":   strings.ReplaceAll(good, ".", "%2E"),
			"Bearer":            "Bearer " + good,
			"quoted":            `"` + good + `"`,
			"twice":             good + good,
			"a list":            good + "," + good,
		} {
			b.refused(t, name, text)
		}
	}
	for _, text := range []string{"", ".", "..", "...", "....", "{}", "null", "e30.e30.e30", "\x00", "\xff.\xff.\xff"} {
		b.refused(t, text, text)
	}
}

func TestJW02_NothingIsTrimmedAndNothingPadded(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for _, good := range []string{b.access, b.refresh} {
		three := strings.Split(good, ".")
		for _, stray := range []string{" ", "\t", "\n", "\r\n", "\x00", "\u00a0", "\ufeff", "=", "==", "+", "/", "~"} {
			for name, text := range map[string]string{
				"before":               stray + good,
				"after":                good + stray,
				"after the header":     three[0] + stray + "." + three[1] + "." + three[2],
				"before the payload":   three[0] + "." + stray + three[1] + "." + three[2],
				"after the payload":    three[0] + "." + three[1] + stray + "." + three[2],
				"in the payload":       three[0] + "." + three[1][:9] + stray + three[1][9:] + "." + three[2],
				"in the signature":     three[0] + "." + three[1] + "." + three[2][:9] + stray + three[2][9:],
				"before the signature": three[0] + "." + three[1] + "." + stray + three[2],
			} {
				b.refused(t, name, text)
			}
		}
	}
}

// A part whose length is not a multiple of three has unused bits, which would allow several spellings of each token.
func TestJW02_OneSpellingOnly(t *testing.T) {
	t.Parallel()

	b := setup(t)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	respell := func(part string) (others []string) {
		want, err := raw.DecodeString(part)
		if err != nil {
			t.Fatal(err)
		}
		for _, last := range alphabet {
			other := part[:len(part)-1] + string(last)
			// The lenient decoder is what a careless server would use.
			if got, err := raw.DecodeString(other); err == nil && bytes.Equal(got, want) && other != part {
				others = append(others, other)
			}
		}
		return others
	}

	seen := [3]int{}
	for _, k := range b.kinds(t) {
		for _, pad := range []string{"", "a", "ab"} {
			// Unknown members are ignored; these change the lengths.
			good := forge(t, k.header.with(object{"zz": pad}), k.payload.with(object{"zz": pad}), es256(t, b.key))
			three := strings.Split(good, ".")
			for i, part := range three {
				for _, other := range respell(part) {
					seen[i]++
					changed := append([]string(nil), three...)
					changed[i] = other
					b.refused(t, "another spelling", strings.Join(changed, "."))
					if i == 2 {
						continue
					}
					// Signed as it stands there, by the server's own key.
					input := changed[0] + "." + changed[1]
					b.refused(t, "another spelling, signed", input+"."+raw.EncodeToString(es256(t, b.key)([]byte(input))))
				}
			}
		}
	}
	for i, n := range seen {
		if n == 0 {
			t.Errorf("part %d was never spelt otherwise", i)
		}
	}
}

func TestJW02_StandardBase64IsRefused(t *testing.T) {
	t.Parallel()

	b := setup(t)
	_, _, signature := parts(t, b.access)
	for _, k := range b.kinds(t) {
		header, payload := encode(t, k.header), encode(t, k.payload)
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			input := header + "." + payload
			b.refused(t, "padded signature", input+"."+encoding.EncodeToString(es256(t, b.key)([]byte(input))))
		}
		b.refused(t, "+ and /", header+"."+payload+"."+base64.RawStdEncoding.EncodeToString(append([]byte{0xfb, 0xff}, signature...)))
	}
}

func TestJW07_EncryptedAndNestedTokensAreRefused(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for _, k := range b.kinds(t) {
		for _, alg := range []string{"dir", "ECDH-ES", "A256KW", "PBES2-HS256+A128KW"} {
			header := k.header.with(object{"alg": alg, "enc": "A256GCM", "zip": "DEF", "p2c": 2_000_000_000})
			b.refused(t, alg, encode(t, header)+".AAAA.AAAA.AAAA.AAAA")
			b.refused(t, alg+" in three parts", encode(t, header)+".AAAA.AAAA")
		}
		inner := forge(t, k.header, k.payload, es256(t, b.key))
		header := k.header.with(object{"cty": "JWT"})
		b.refused(t, "a token as payload", forge(t, header, inner, es256(t, b.key)))
		input := encode(t, header) + "." + raw.EncodeToString([]byte(inner))
		b.refused(t, "a bare token as payload", input+"."+raw.EncodeToString(es256(t, b.key)([]byte(input))))
	}
}

func TestJW08_EightKiBAtMost(t *testing.T) {
	t.Parallel()

	const limit = 8 << 10
	b := setup(t)
	fitted, over := 0, 0
	for _, k := range b.kinds(t) {
		base := len(forge(t, k.header, k.payload.with(object{"zz": ""}), es256(t, b.key)))
		// Three bytes more make four characters more: walk over the limit step by step.
		for pad := (limit-base)*3/4 - 4; pad < (limit-base)*3/4+6; pad++ {
			text := forge(t, k.header, k.payload.with(object{"zz": strings.Repeat("a", pad)}), es256(t, b.key))
			if len(text) > limit {
				over++
				b.refused(t, "too long", text)
				continue
			}
			fitted++
			_, accessErr := b.issuer.ReadAccess(text)
			_, refreshErr := b.issuer.ReadRefresh(text)
			if accessErr != nil && refreshErr != nil {
				t.Errorf("%d bytes are refused: %v", len(text), accessErr)
			}
		}
	}
	if fitted == 0 || over == 0 {
		t.Errorf("%d tokens below the limit and %d above were tried", fitted, over)
	}
	b.refused(t, "ten megabytes of parts", strings.Repeat("A.", 5<<20))
	b.refused(t, "ten megabytes", strings.Repeat("A", 10<<20))
}
