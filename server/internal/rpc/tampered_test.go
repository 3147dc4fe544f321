package rpc_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// consumers are all places where a token is read. Each sends the text there, and no other credentials.
var consumers = map[string]struct {
	refresh bool
	cookie  bool
	send    func(t *testing.T, env *latchkeytest.Env, text string) answer
}{
	"the Authorization header": {send: func(t *testing.T, env *latchkeytest.Env, text string) answer {
		return post(t, env, getProfile, jsonType, []byte(`{}`), bearer(text))
	}},
	"the access cookie": {cookie: true, send: func(t *testing.T, env *latchkeytest.Env, text string) answer {
		return post(t, env, getProfile, jsonType, []byte(`{}`), inCookie(accessCookie, text)...)
	}},
	"the refresh cookie": {refresh: true, cookie: true, send: func(t *testing.T, env *latchkeytest.Env, text string) answer {
		return post(t, env, getProfile, jsonType, []byte(`{}`), inCookie(refreshCookie, text)...)
	}},
	"the refresh cookie, at Refresh": {refresh: true, cookie: true, send: func(t *testing.T, env *latchkeytest.Env, text string) answer {
		return post(t, env, refreshPath, jsonType, []byte(`{}`), inCookie(refreshCookie, text)...)
	}},
	"the message of Refresh": {refresh: true, send: func(t *testing.T, env *latchkeytest.Env, text string) answer {
		body, err := json.Marshal(map[string]string{"refreshToken": text})
		if err != nil {
			t.Fatal(err)
		}
		return post(t, env, refreshPath, jsonType, body)
	}},
	"the message of Refresh, in binary": {refresh: true, send: func(t *testing.T, env *latchkeytest.Env, text string) answer {
		return post(t, env, refreshPath, binaryType, protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), text))
	}},
}

func inCookie(name, value string) []header {
	return []header{{"Latchkey-Session", "cookie"}, {"Cookie", name + "=" + value}}
}

// tampered are modified tokens that were valid before, and tokens of the other kind.
func tampered(good, other string) map[string]string {
	parts := strings.Split(good, ".")
	decode := func(part string) []byte { data, _ := base64.RawURLEncoding.DecodeString(part); return data }
	header, payload, signature := parts[0], parts[1], parts[2]
	encode := base64.RawURLEncoding.EncodeToString
	texts := map[string]string{
		"the other kind":         other,
		"parts of two":           header + "." + payload + "." + other[strings.LastIndexByte(other, '.')+1:],
		"two in a row":           good + "." + good,
		"a fourth part":          good + ".zqx",
		"a dot behind":           good + ".",
		"a dot before":           "." + good,
		"a letter behind":        good + "A",
		"padding":                good + "=",
		"no signature":           header + "." + payload + ".",
		"the signature left out": header + "." + payload,
		"no payload":             header + ".." + signature,
		"other order":            payload + "." + header + "." + signature,
		"twice encoded":          encode([]byte(good)),
		"the scheme once more":   "Bearer" + good,
		"percent-encoded":        strings.ReplaceAll(good, ".", "%2E"),
		"in upper case":          strings.ToUpper(good),
		"other alphabet":         header + "." + payload + "." + base64.RawStdEncoding.EncodeToString(append(decode(signature), 0xff, 0xff)),
		"no algorithm":           encode([]byte(`{"alg":"none","typ":"at+jwt"}`)) + "." + payload + ".",
		"a space in the header":  encode(append(decode(header), ' ')) + "." + payload + "." + signature,
		"a space in the payload": header + "." + encode(append(decode(payload), ' ')) + "." + signature,
		"long":                   strings.Repeat("A", 9000) + "." + payload + "." + signature,
		"a path":                 "../../etc/passwd",
		"a number":               "0",
	}
	for i := 0; i < len(good); i += 29 {
		flipped := []byte(good)
		flipped[i] ^= 1
		texts[fmt.Sprintf("bit 0 of byte %d", i)] = string(flipped)
		if i > 0 {
			texts[fmt.Sprintf("cut at byte %d", i)] = good[:i]
			texts[fmt.Sprintf("cut before byte %d", i)] = good[i:]
		}
	}
	texts["cut by one"] = good[:len(good)-1]
	return texts
}

// Texts that HTTP, JSON or a cookie's own grammar does something with.
func wrapped(good string) map[string]string {
	return map[string]string{
		"quoted": `"` + good + `"`, "as a JSON list": "[" + good + "]", "as a member": `{"payload":"` + good + `"}`,
		"with a blank": good[:20] + " " + good[20:], "with a tab": good[:20] + "\t" + good[20:],
		"two": good + " " + good, "in parts": strings.ReplaceAll(good, ".", " . "),
	}
}

func TestSE11_TamperedTokensAreRefusedWhereverTheyAreRead(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	env.AwaitJobs()
	before := env.Rows(tables...)

	t.Run("refused", func(t *testing.T) {
		for name, consumer := range consumers {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				good, other := ada.Tokens.GetAccessToken(), ada.Tokens.GetRefreshToken()
				if consumer.refresh {
					good, other = other, good
				}
				texts := tampered(good, other)
				maps.Copy(texts, wrapped(good))
				for what, text := range texts {
					got := consumer.send(t, env.For(t), text)
					if err := refusedAsToken(got, text, consumer.cookie); err != nil {
						t.Errorf("%s: got %d %s: %v", what, got.Status, got.Body, err)
					}
					setsNothing(t, got.Header)
				}
			})
		}
	})

	if diff := cmp.Diff(before, env.Rows(tables...)); diff != "" {
		t.Errorf("refused tokens have left something behind (-before +after):\n%s", diff)
	}
	// Without this, a consumer that refuses everything would pass. Within the grace, each gets the same successor.
	for name, consumer := range consumers {
		good := ada.Tokens.GetAccessToken()
		if consumer.refresh {
			good = ada.Tokens.GetRefreshToken()
		}
		if got := consumer.send(t, env, good); got.Status != http.StatusOK {
			t.Errorf("%s does not take the good token: %d %s", name, got.Status, got.Body)
		}
	}
}

func refusedAsToken(got answer, text string, cookie bool) error {
	r, err := got.refusal()
	if err != nil {
		return err
	}
	if len(text) > 20 && strings.Contains(r.Text, text[:20]) {
		return errors.New("the answer repeats it")
	}
	switch r.Detail.GetReason() {
	case bad:
		return nil
	case invalid:
		// A message breaks the contract's rule for characters and length before it is used.
		if r.names("refreshToken") {
			return nil
		}
	case missing:
		// net/http omits what a cookie cannot contain.
		if cookie && strings.ContainsAny(text, "\t \"\\") {
			return nil
		}
	default:
	}
	return errors.New("want TOKEN_INVALID")
}
