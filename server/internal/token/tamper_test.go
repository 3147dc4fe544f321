package token_test

import (
	"strings"
	"testing"
)

func TestJW01_EveryBitIsSigned(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for _, good := range []string{b.access, b.refresh} {
		for i := range len(good) {
			for bit := range 8 {
				changed := []byte(good)
				changed[i] ^= 1 << bit
				b.refused(t, "a flipped bit", string(changed))
			}
		}
	}
}

func TestJW02_EveryCharacterCounts(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for _, good := range []string{b.access, b.refresh} {
		for i := range len(good) {
			b.refused(t, "a character less", good[:i]+good[i+1:])
			b.refused(t, "cut there", good[:i])
			b.refused(t, "begun there", good[i+1:])
		}
		for i := range len(good) + 1 {
			for _, more := range []string{"A", "_", ".", "=", " "} {
				b.refused(t, "a character more", good[:i]+more+good[i:])
			}
		}
	}
}

// The signature is over the text, not over what it says (RFC 7515 section 5.2): a token has one spelling, and remembering it
// by its text takes no more room than there are tokens.
func TestJW01_TheHeaderIsSignedAsItIsSpelt(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for _, good := range []string{b.access, b.refresh} {
		first, rest, _ := strings.Cut(good, ".")
		header, err := raw.DecodeString(first)
		if err != nil {
			t.Fatal(err)
		}
		text := string(header)
		for name, spelt := range map[string]string{
			"a blank behind":       text + " ",
			"a blank before":       " " + text,
			"a blank within":       strings.Replace(text, ":", ": ", 1),
			"an escaped letter":    strings.Replace(text, "typ", `t\u0079p`, 1),
			"a member twice":       strings.Replace(text, "{", `{"typ":"zqx",`, 1),
			"a member of no value": strings.Replace(text, "{", `{"jku":null,`, 1),
		} {
			b.refused(t, name, raw.EncodeToString([]byte(spelt))+"."+rest)
		}
	}
}

// FuzzReadAccess looks for a text other than the valid token that is accepted, and for one that causes a panic.
func FuzzReadAccess(f *testing.F) {
	b := setup(f)
	header, payload, _ := parts(f, b.access)
	f.Add(b.access)
	f.Add(b.refresh)
	f.Add("")
	f.Add("..")
	f.Add("e30.e30.e30")
	f.Add(`{"payload":"e30","protected":"e30","signature":"e30"}`)
	f.Add(forge(f, header.with(object{"alg": "none"}), payload, constant(nil)))
	f.Add(forge(f, header.with(object{"alg": "HS256"}), payload, constant(make([]byte, 32))))
	f.Add(forge(f, header.with(object{"crit": []string{"b64"}, "b64": false}), payload, constant(make([]byte, 64))))
	f.Add(forge(f, header.with(object{"jwk": object{"kty": "EC"}}), payload, constant(make([]byte, 64))))
	f.Add(forge(f, header, payload.with(object{"exp": -1}), constant(make([]byte, 64))))
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := b.issuer.ReadAccess(text); err == nil && text != b.access {
			t.Errorf("%q passes as an access token", text)
		}
		if _, err := b.issuer.ReadRefresh(text); err == nil && text != b.refresh {
			t.Errorf("%q passes as a refresh token", text)
		}
	})
}
