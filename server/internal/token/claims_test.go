package token_test

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

func TestJW10_ClaimsHoldNothingPersonal(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for text, want := range map[string][]string{
		b.access:  {"amr", "aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "role", "sid", "sub"},
		b.refresh: {"aud", "cnt", "exp", "iat", "iss", "jti", "sid", "sub"},
	} {
		header, payload, _ := parts(t, text)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(payload))); diff != "" {
			t.Errorf("the claims (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"alg", "kid", "typ"}, slices.Sorted(maps.Keys(header))); diff != "" {
			t.Errorf("the header (-want +got):\n%s", diff)
		}
	}
}

// odd values are wrong for every claim.
var odd = map[string]any{"null": nil, "true": true, "list": []any{}, "object": object{}}

func TestJW04_EveryClaimIsRequired(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for _, k := range b.kinds(t) {
		for name := range k.payload {
			b.refused(t, k.name+" without "+name, forge(t, k.header, k.payload.without(name), es256(t, b.key)))
			for what, value := range odd {
				b.refused(t, k.name+" with "+name+" "+what, forge(t, k.header, k.payload.with(object{name: value}), es256(t, b.key)))
			}
		}
	}
}

func TestJW04_TimesAreWholePositiveSecondsOfOurAge(t *testing.T) {
	t.Parallel()

	b := setup(t)
	exp := b.clock.Now().Add(time.Hour).Unix()
	for name, value := range map[string]any{
		"zero": 0, "negative": -exp, "least": math.MinInt64, "greatest": math.MaxInt64, "beyond": uint64(math.MaxUint64),
		"after year 9999": int64(253402300800), "milliseconds": exp * 1000, "fraction": float64(exp) + 0.5,
		"text": "1900000000", "empty text": "", "date": "2030-01-01T00:00:00Z", "list": []int64{exp},
	} {
		b.refusedClaims(t, "exp "+name, object{"exp": value})
		b.refusedClaims(t, "iat "+name, object{"iat": value})
		k := b.kinds(t)[0]
		b.refused(t, "auth_time "+name, forge(t, k.header, k.payload.with(object{"auth_time": value}), es256(t, b.key)))
	}
	for _, k := range b.kinds(t) {
		// What encoding/json writes for no integer.
		text := strings.Replace(string(payloadJSON(t, k.payload.with(object{"exp": "EXP"}))), `"EXP"`, "2e9", 1)
		input := encode(t, k.header) + "." + raw.EncodeToString([]byte(text))
		b.refused(t, "exp with an exponent", input+"."+raw.EncodeToString(es256(t, b.key)([]byte(input))))
	}
}

func TestJW04_ATokenFromTheFutureIsRefused(t *testing.T) {
	t.Parallel()

	b := setup(t)
	now := b.clock.Now().Truncate(time.Second)
	b.clock.Advance(now.Sub(b.clock.Now()))
	for _, k := range b.kinds(t) {
		b.refused(t, k.name, forge(t, k.header, k.payload.with(object{"iat": now.Unix() + 61}), es256(t, b.key)))
	}
	b.refused(t, "auth_time", func() string {
		k := b.kinds(t)[0]
		return forge(t, k.header, k.payload.with(object{"auth_time": now.Unix() + 61}), es256(t, b.key))
	}())
	both := b.kinds(t)
	ahead := object{"iat": now.Unix() + 60}
	b.accepts(t,
		forge(t, both[0].header, both[0].payload.with(ahead).with(object{"auth_time": now.Unix() + 60}), es256(t, b.key)),
		forge(t, both[1].header, both[1].payload.with(ahead), es256(t, b.key)))
}

func TestJW04_ATokenIsDeadAtTheSecondOfItsEnd(t *testing.T) {
	t.Parallel()

	b := setup(t)
	read := map[string]func(string) error{
		b.access:  func(text string) error { _, err := b.issuer.ReadAccess(text); return err },
		b.refresh: func(text string) error { _, err := b.issuer.ReadRefresh(text); return err },
	}
	for _, text := range []string{b.access, b.refresh} {
		_, payload, _ := parts(t, text)
		end := time.Unix(int64(payload["exp"].(float64)), 0)
		b.clock.Advance(end.Sub(b.clock.Now()) - time.Microsecond)
		if err := read[text](text); err != nil {
			t.Errorf("a moment before its end: %v", err)
		}
		b.clock.Advance(time.Microsecond)
		if err := read[text](text); !errors.Is(err, token.ErrExpired) {
			t.Errorf("at its end: %v, want ErrExpired", err)
		}
		b.clock.Advance(365 * 24 * time.Hour)
		if err := read[text](text); !errors.Is(err, token.ErrExpired) {
			t.Errorf("a year later: %v, want ErrExpired", err)
		}
	}
}

// "Expired" means that a token was valid once, so no other token may get that error.
func TestJW04_OnlyAGoodTokenExpires(t *testing.T) {
	t.Parallel()

	b := setup(t)
	both := b.kinds(t)
	b.clock.Advance(400 * 24 * time.Hour)
	for _, k := range both {
		for name, changed := range map[string]object{
			"iss": {"iss": "https://elsewhere.example"}, "aud": {"aud": "elsewhere"}, "sub": {"sub": "usr_nobody"},
			"sid": {"sid": "ses_none"}, "jti": {"jti": ""},
		} {
			b.refused(t, k.name+" with "+name, forge(t, k.header, k.payload.with(changed), es256(t, b.key)))
		}
		b.refused(t, k.name+" of another key", forge(t, k.header, k.payload, constant(make([]byte, 64))))
	}
	if _, err := b.issuer.ReadAccess(b.refresh); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("an expired refresh token as access token: %v", err)
	}
	if _, err := b.issuer.ReadRefresh(b.access); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("an expired access token as refresh token: %v", err)
	}
}

func TestJW05_IssuerAndAudienceAreExact(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for name, iss := range map[string]any{
		"slash": issuerURL + "/", "upper case": strings.ToUpper(issuerURL), "http": "http://accounts.example.test",
		"prefix": issuerURL[:len(issuerURL)-1], "longer": issuerURL + ".attacker.example", "empty": "", "list": []string{issuerURL},
		"number": 7,
	} {
		b.refusedClaims(t, "iss "+name, object{"iss": iss})
	}
	for name, aud := range map[string]any{
		"empty": "", "upper case": "LATCHKEY", "longer": "latchkey-admin", "list": []string{"latchkey"},
		"refresh list": []string{"latchkey-refresh"}, "list of two": []string{"latchkey", "latchkey-refresh"}, "number": 1,
		"the issuer": issuerURL,
	} {
		b.refusedClaims(t, "aud "+name, object{"aud": aud})
	}
}

func TestJW06_OneKindIsNotTheOther(t *testing.T) {
	t.Parallel()

	b := setup(t)
	if _, err := b.issuer.ReadAccess(b.refresh); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("a refresh token as access token: %v", err)
	}
	if _, err := b.issuer.ReadRefresh(b.access); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("an access token as refresh token: %v", err)
	}

	// Each of the two differences is enough by itself.
	both := b.kinds(t)
	all := both[0].payload.with(object{"cnt": 0})
	for i, name := range []string{"access", "refresh"} {
		other := both[1-i]
		b.refused(t, name+" with the other audience",
			forge(t, both[i].header, all.with(object{"aud": other.payload["aud"]}), es256(t, b.key)))
	}
	if _, err := b.issuer.ReadAccess(forge(t, both[1].header, all, es256(t, b.key))); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("access claims under the refresh kind: %v", err)
	}
	if _, err := b.issuer.ReadRefresh(forge(t, both[0].header, all.with(object{"aud": both[1].payload["aud"]}), es256(t, b.key))); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("refresh claims under the access kind: %v", err)
	}
}

func TestJW04_TextsAreWhatTheyShouldBe(t *testing.T) {
	t.Parallel()

	b := setup(t)
	user, session := id.NewUser().String(), id.NewSession().String()
	for name, changed := range map[string]object{
		"sub empty":         {"sub": ""},
		"sub of a session":  {"sub": session},
		"sub in upper case": {"sub": strings.ToUpper(user)},
		"sub with a blank":  {"sub": user + " "},
		"sub as UUID":       {"sub": "01890a5d-ac96-774b-bcce-b302099a8057"},
		"sub number":        {"sub": 1},
		"sid empty":         {"sid": ""},
		"sid of a user":     {"sid": user},
		"sid in upper case": {"sid": strings.ToUpper(session)},
		"sid number":        {"sid": 1},
		"jti empty":         {"jti": ""},
		"jti number":        {"jti": 1},
	} {
		b.refusedClaims(t, name, changed)
	}
	access := b.kinds(t)[0]
	for name, changed := range map[string]object{
		"role empty":           {"role": ""},
		"role list":            {"role": []string{"trainee", "admin"}},
		"role number":          {"role": 0},
		"amr text":             {"amr": "pwd"},
		"amr empty":            {"amr": []string{}},
		"amr of nothing":       {"amr": []string{""}},
		"amr of numbers":       {"amr": []int{1}},
		"amr of null":          {"amr": []any{nil}},
		"client_id empty":      {"client_id": ""},
		"client_id of another": {"client_id": "elsewhere"},
		"client_id number":     {"client_id": 1},
	} {
		b.refused(t, name, forge(t, access.header, access.payload.with(changed), es256(t, b.key)))
	}
}

func TestJW04_ACounterIsAWholeNumberFromZero(t *testing.T) {
	t.Parallel()

	b := setup(t)
	refresh := b.kinds(t)[1]
	for name, cnt := range map[string]any{
		"negative": -1, "too big": math.MaxInt32 + 1, "fraction": 1.5, "text": "0", "list": []int{0}, "null": nil,
	} {
		b.refused(t, "cnt "+name, forge(t, refresh.header, refresh.payload.with(object{"cnt": cnt}), es256(t, b.key)))
	}
	for _, cnt := range []int32{0, math.MaxInt32} {
		got, err := b.issuer.ReadRefresh(forge(t, refresh.header, refresh.payload.with(object{"cnt": cnt}), es256(t, b.key)))
		if err != nil || got.Counter != cnt {
			t.Errorf("cnt %d is read as %d, %v", cnt, got.Counter, err)
		}
	}
}

func TestJW04_APayloadIsOneObject(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for _, k := range b.kinds(t) {
		whole := string(payloadJSON(t, k.payload))
		for name, text := range map[string]string{
			"null": "null", "list": "[" + whole + "]", "text": `"` + strings.ReplaceAll(whole, `"`, `\"`) + `"`, "empty": " ",
			"cut": whole[:len(whole)-1], "two": whole + whole, "more": whole + "x", "number": "1", "UTF-16": "\xff\xfe{\x00}\x00",
		} {
			input := encode(t, k.header) + "." + raw.EncodeToString([]byte(text))
			b.refused(t, k.name+" "+name, input+"."+raw.EncodeToString(es256(t, b.key)([]byte(input))))
		}
	}
}

func TestJW04_AGenerationIsAWholeNumber(t *testing.T) {
	t.Parallel()

	b := setup(t)
	k := b.kinds(t)[0]
	with := func(value any) string {
		return forge(t, k.header, k.payload.with(object{"gen": value}), es256(t, b.key))
	}
	for what, value := range map[string]any{
		"negative": -1, "fraction": 1.5, "text": "1", "true": true, "list": []int{1}, "object": object{}, "too large": int64(math.MaxInt32) + 1,
	} {
		b.refused(t, "gen "+what, with(value))
	}
	for _, generation := range []int32{0, 1, math.MaxInt32} {
		access, err := b.issuer.ReadAccess(with(generation))
		if err != nil || access.Generation != generation {
			t.Errorf("gen %d is read as %d: %v", generation, access.Generation, err)
		}
	}
	// The previous version issues tokens without one.
	if access, err := b.issuer.ReadAccess(b.access); err != nil || access.Generation != 0 {
		t.Errorf("a token without gen is of generation %d: %v", access.Generation, err)
	}
}
