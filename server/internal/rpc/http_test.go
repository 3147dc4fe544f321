package rpc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const (
	signIn           = "/latchkey.v1.AuthService/SignIn"
	getSettings      = "/latchkey.v1.AuthService/GetSettings"
	watchRevocations = "/latchkey.v1.TokenService/WatchRevocations"
	getProfile       = "/latchkey.v1.AccountService/GetProfile"
)

var goodSignIn = []byte(`{"email":"zqx@example.com","password":"Zqx-zqx-1"}`)

// refused checks that a response has the form of every error, and returns it.
func (a answer) refused(t testing.TB, status int, reason latchkeyv1.Reason, rule string) refusal {
	t.Helper()
	r, err := a.refusal()
	if err != nil {
		t.Errorf("status %d: %v in %q", a.Status, err, a.Body)
		return r
	}
	if a.Status != status || r.Detail.GetReason() != reason {
		t.Errorf("got %d %s, want %d %s: %s", a.Status, r.Detail.GetReason(), status, reason, r.Text)
	}
	if rule != "" && !r.hasRule(rule) {
		t.Errorf("no violation is of rule %s: %v", rule, r.Detail.GetViolations())
	}
	if r.repeats() {
		t.Errorf("the answer repeats what was sent: %s", r.Text)
	}
	return r
}

const invalid = latchkeyv1.Reason_REASON_INVALID_FIELDS

func TestIN01_WhatIsSaidByHTTP(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"ContentTypes":                        storyContentTypes,
		"UnknownMembersAndEmptyBodiesAreFine": storyUnknownMembers,
		"Queries":                             storyQueries,
	})
}

func storyContentTypes(t *testing.T, env *latchkeytest.Env) {
	for _, contentType := range []string{
		"", "zqx", "text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=zqx",
		"application/json; charset=utf-16", "application/json; charset=zqx", "application/json, application/proto", "application/json;",
		"application/*", "*/*", "application/x-protobuf", "application/grpczqx", "application/grpc-zqx", "application/grpc+zqx",
		// For streams, and there is none here.
		"application/connect+json", "application/connect+proto",
	} {
		got := post(t, env, signIn, contentType, goodSignIn)
		if contentType == "application/json;" {
			// Nothing after the semicolon is no parameter: it is JSON, of an unknown person.
			got.refused(t, http.StatusUnauthorized, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID, "")
			continue
		}
		if got.Header.Get("Content-Type") != jsonType {
			t.Errorf("the answer to %q is %q", contentType, got.Header.Get("Content-Type"))
		}
		got.refused(t, http.StatusUnsupportedMediaType, invalid, "request.content_type")
	}
	for _, contentType := range []string{"Application/JSON", "application/json;charset=UTF-8", `application/json; charset="utf-8"`} {
		got := post(t, env, signIn, contentType, goodSignIn)
		got.refused(t, http.StatusUnauthorized, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID, "")
	}
}

func storyUnknownMembers(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	caller := bearer(ada.Tokens.GetAccessToken())

	for _, path := range []string{getSettings, getProfile} {
		for name, got := range map[string]answer{
			"empty object":     post(t, env, path, jsonType, []byte(`{}`), caller),
			"empty JSON":       post(t, env, path, jsonType, nil, caller),
			"empty binary":     post(t, env, path, binaryType, nil, caller),
			"unknown member":   post(t, env, path, jsonType, []byte(`{"zqx":{"zqx":[null,1.5e3,"\ud83d\ude00"]}}`), caller),
			"unknown field":    post(t, env, path, binaryType, []byte("\x78\x01\x7a\x03zqx"), caller),
			"many unknown":     post(t, env, path, jsonType, []byte(`{"zqx":[`+strings.Repeat("0,", 30_000)+`0]}`), caller),
			"GET":              get(t, env, path, "json", []byte(`{}`), caller),
			"GET of nothing":   get(t, env, path, "json", nil, caller),
			"GET binary":       get(t, env, path, "proto", nil, caller),
			"GET unknown":      get(t, env, path, "proto", []byte("\x78\x01"), caller),
			"GET without v1":   send(t, env, http.MethodGet, path+"?encoding=json&message={}", nil, caller),
			"deadline":         post(t, env, path, jsonType, []byte(`{}`), caller, header{"Connect-Timeout-Ms", "9999999999"}),
			"protocol version": post(t, env, path, jsonType, []byte(`{}`), caller, header{"Connect-Protocol-Version", "1"}),
		} {
			if got.Status != http.StatusOK {
				t.Errorf("%s, %s: got %d %s", path, name, got.Status, got.Body)
			}
		}
	}
}

func TestIN01_ProtocolHeaders(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	before := env.Rows(tables...)

	for _, h := range []header{
		{"Connect-Protocol-Version", "2"},
		{"Connect-Protocol-Version", "zqx"},
		{"Connect-Timeout-Ms", "zqx"},
		{"Connect-Timeout-Ms", "-1"},
		{"Connect-Timeout-Ms", "1.5"},
		{"Connect-Timeout-Ms", "99999999999"},
		{"Connect-Timeout-Ms", "9223372036854775808"},
	} {
		got := post(t, env, signIn, jsonType, goodSignIn, h)
		got.refused(t, http.StatusBadRequest, invalid, "request.protocol")
	}
	for _, encoding := range []string{"gzip", "br", "deflate", "zstd", "zqx", "gzip, gzip", "identity, gzip"} {
		got := post(t, env, signIn, jsonType, goodSignIn, header{"Content-Encoding", encoding})
		got.refused(t, http.StatusUnsupportedMediaType, invalid, "request.content_encoding")
	}

	if diff := cmp.Diff(before, env.Rows(tables...)); diff != "" {
		t.Errorf("refused calls have left something behind (-before +after):\n%s", diff)
	}
}

func storyQueries(t *testing.T, env *latchkeytest.Env) {
	for query, rule := range map[string]string{
		"":                                          "request.query",
		"message={}":                                "request.query",
		"encoding=zqx&message={}":                   "request.query",
		"encoding=json%00&message={}":               "request.query",
		"encoding=json":                             "request.protocol",
		"encoding=json&message=%zz":                 "request.protocol",
		"encoding=json&message={};zqx=1":            "request.protocol",
		"encoding=json&message={}&connect=v2":       "request.protocol",
		"encoding=json&message=!!!&base64=1":        "request.protocol",
		"encoding=json&message=Zqx*&base64=1":       "request.protocol",
		"encoding=json&message=zqx":                 "request.json",
		"encoding=proto&message=zqx":                "request.protobuf",
		"encoding=json&message=%ff":                 "request.json",
		"encoding=json&message={}&compression=gzip": "request.content_encoding",
		"encoding=json&message={}&compression=zqx":  "request.content_encoding",
	} {
		got := send(t, env, http.MethodGet, getSettings+"?"+query, nil)
		status := http.StatusBadRequest
		if rule == "request.query" || rule == "request.content_encoding" {
			status = http.StatusUnsupportedMediaType
		}
		t.Log(query)
		got.refused(t, status, invalid, rule)
	}
	got := send(t, env, http.MethodGet, getSettings+"?encoding=json&message={}", strings.NewReader("zqx"))
	got.refused(t, http.StatusUnsupportedMediaType, invalid, "request.query")
}
