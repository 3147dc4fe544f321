package rpc_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// badCall is a call that has to be refused.
type badCall struct {
	name string
	call func(t testing.TB, env *latchkeytest.Env, path string, caller header) answer
	// field is the path that a violation has to name, and rule a rule that has to be among them; anything when empty.
	field, rule string
	status      int
}

// Every method of the contract, also those that are not implemented yet, since their requests are read too.
func TestIN01_BadRequestsAreRefusedAndChangeNothing(t *testing.T) {
	t.Parallel()
	// They come from one network, some with bodies of a megabyte.
	env := latchkeytest.New(t, manyRequests())
	admin := bearer(signUpAdmin(t, env, "admin@example.com").Tokens.GetAccessToken())
	before := env.Rows(tables...)

	t.Run("methods", func(t *testing.T) {
		for name, method := range methods() {
			if method.IsStreamingServer() {
				continue // Its calls are no HTTP requests with one message; see stream_test.go.
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for _, bad := range badCalls(t, method) {
					got := bad.call(t, env, procedure(method), admin)
					if err := bad.judge(got, accessOf(method)); err != nil {
						t.Errorf("%s: %v", bad.name, err)
					}
				}
			})
		}
	})

	if diff := cmp.Diff(before, env.Rows(tables...)); diff != "" {
		t.Errorf("refused calls have left something behind (-before +after):\n%s", diff)
	}
}

func (b badCall) judge(got answer, access latchkeyv1.Access) error {
	r, err := got.refusal()
	if err != nil {
		return fmt.Errorf("status %d: %w in %q", got.Status, err, got.Body)
	}
	if r.repeats() {
		return fmt.Errorf("the answer repeats what was sent: %s", r.Text)
	}
	if access == latchkeyv1.Access_ACCESS_SERVICE && got.Status == http.StatusUnauthorized &&
		r.Detail.GetReason() == latchkeyv1.Reason_REASON_TOKEN_INVALID {
		return nil // There are no service keys yet, so nothing is read.
	}
	if got.Status != b.status {
		return fmt.Errorf("status %d, want %d: %s", got.Status, b.status, r.Text)
	}
	if r.Detail.GetReason() != latchkeyv1.Reason_REASON_INVALID_FIELDS {
		return fmt.Errorf("reason %s, want INVALID_FIELDS", r.Detail.GetReason())
	}
	if b.field != "" && !r.names(b.field) {
		return fmt.Errorf("no violation names %q: %v", b.field, r.Detail.GetViolations())
	}
	if b.rule != "" && !r.hasRule(b.rule) {
		return fmt.Errorf("no violation is of rule %q: %v", b.rule, r.Detail.GetViolations())
	}
	return nil
}

func badCalls(t testing.TB, method protoreflect.MethodDescriptor) []badCall {
	t.Helper()
	var calls []badCall
	for i := range method.Input().Fields().Len() {
		field := method.Input().Fields().Get(i)
		good := goodRequest(t, method, field)
		for _, bad := range ofField(t, field) {
			name := string(field.Name()) + ": " + bad.name
			if bad.json != "" {
				body := []byte(good.with(field.JSONName(), bad.json).String())
				calls = append(calls, over(method, bad.expect(name, field, false), "json", body)...)
			}
			if bad.binary != nil {
				body := append(encode(t, method, good.without(field.JSONName())), bad.binary...)
				calls = append(calls, over(method, bad.expect(name, field, true), "proto", body)...)
			}
		}
		if snake := string(field.Name()); snake != field.JSONName() {
			body := good.without(field.JSONName()).with(snake, `{"zqx":true,"0":0}`)
			calls = append(calls, over(method, badCall{
				name:  snake + ": object under the name of the contract",
				field: field.JSONName(), rule: "type", status: http.StatusBadRequest,
			}, "json", []byte(body.String()))...)
		}
		if !mayBeMissing[string(method.Name())+"."+field.JSONName()] {
			missing := badCall{name: snakeMissing(field), field: missingAs(field), status: http.StatusBadRequest}
			without := good.without(field.JSONName())
			calls = append(calls, over(method, missing, "json", []byte(without.String()))...)
			calls = append(calls, over(method, missing, "json", []byte(good.with(field.JSONName(), "null").String()))...)
			calls = append(calls, over(method, missing, "proto", encode(t, method, without))...)
		}
	}
	return append(calls, badBodies(t, method)...)
}

func (b badness) expect(name string, field protoreflect.FieldDescriptor, binary bool) badCall {
	call := badCall{name: name, field: field.JSONName() + b.at, rule: b.rule, status: http.StatusBadRequest}
	if b.whole {
		call.field = ""
	}
	if b.rule == "request.max_bytes" {
		call.status = http.StatusRequestEntityTooLarge
	}
	if b.whole && b.rule == "" {
		call.rule = "request.json"
		if binary {
			call.rule = "request.protobuf"
		}
	}
	return call
}

func snakeMissing(field protoreflect.FieldDescriptor) string {
	return string(field.Name()) + ": missing"
}

// missingAs returns the field that the violation of a missing field names: its oneof, if it is part of one.
func missingAs(field protoreflect.FieldDescriptor) string {
	if one := field.ContainingOneof(); one != nil && !one.IsSynthetic() {
		return string(one.Name())
	}
	return field.JSONName()
}

// mayBeMissing are the fields that a request need not have.
var mayBeMissing = map[string]bool{
	"ChangePassword.currentPassword":     true,
	"Disable.reason":                     true,
	"FinishSocialSignUp.email":           true,
	"FinishSocialSignUp.name":            true,
	"FinishSocialSignUp.nickname":        true,
	"FinishSocialSignUp.phone":           true,
	"FinishSocialSignUp.role":            true,
	"FinishSocialSignUp.verificationIds": true,
	"ListActivity.pageSize":              true,
	"ListActivity.pageToken":             true,
	"ListUserActivity.pageSize":          true,
	"ListUserActivity.pageToken":         true,
	"ListUsers.pageSize":                 true,
	"ListUsers.pageToken":                true,
	"ListUsers.query":                    true,
	"ListUsers.role":                     true,
	"Refresh.refreshToken":               true,
	"RegisterDevice.name":                true,
	"SendPush.data":                      true,
	"SignUp.locale":                      true,
	"SignUp.phone":                       true,
	"SignUp.verificationIds":             true,
	"StartSocialLink.returnTo":           true,
	"StartSocialSignIn.returnTo":         true,
	"UpdateProfile.locale":               true,
	"UpdateProfile.name":                 true,
	"UpdateProfile.nickname":             true,
}

// over sends a body in every way that the method can be called in this encoding.
func over(method protoreflect.MethodDescriptor, bad badCall, encoding string, body []byte) []badCall {
	contentType := binaryType
	switch {
	case encoding == "json" && len(body)%2 == 0:
		contentType = jsonCharsetType // The two differ in nothing but name: half of the calls each will do.
	case encoding == "json":
		contentType = jsonType
	}
	call := bad
	call.name += ", " + contentType
	call.call = func(t testing.TB, env *latchkeytest.Env, path string, caller header) answer {
		return post(t, env, path, contentType, body, caller)
	}
	calls := []badCall{call}
	// A longer value does not fit into the first line of a request; see limits_test.go.
	if sideEffectFree(method) && len(body) < 16<<10 {
		call := bad
		call.name += ", GET " + encoding
		call.call = func(t testing.TB, env *latchkeytest.Env, path string, caller header) answer {
			return get(t, env, path, encoding, body, caller)
		}
		calls = append(calls, call)
	}
	return calls
}

// badBodies are bodies that are no message of the method at all.
func badBodies(t testing.TB, method protoreflect.MethodDescriptor) []badCall {
	t.Helper()
	good := goodRequest(t, method, nil)
	text := good.String()
	bodies := map[string]string{
		"an open brace":          `{`,
		"half of a good one":     text[:len(text)/2],
		"all but the last brace": text[:len(text)-1],
		"two good ones":          text + text,
		"more after it":          text + `zqx`,
		"a list":                 `[]`,
		"a list of a good one":   `[` + text + `]`,
		"null":                   `null`,
		"a text":                 `"zqx"`,
		"a number":               `424242`,
		"not JSON":               `zqx`,
		"a blank":                ` `,
		"a NUL":                  "\x00",
		"a NUL after it":         text + "\x00",
		"a byte order mark":      "\ufeff" + text,
		"UTF-16":                 "\xff\xfe{\x00}\x00",
		"a form":                 `zqx=zqx`,
		"single quotes":          `{'zqx':'zqx'}`,
		"a comma too many":       `{"zqx":1,}`,
		"a comment":              `{/*zqx*/}`,
		"NaN":                    `{"zqx":NaN}`,
		"lists, deep":            `{"zqx":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`,
		"lists, deep and open":   strings.Repeat("[", kilobytes60),
		"objects, deep":          strings.Repeat(`{"zqx":`, 8_000),
		"blanks over the limit":  strings.Repeat(" ", rpc.MaxMessage) + text,
	}
	for name := range good {
		bodies[name+" twice"] = `{` + fmt.Sprintf("%q:%s,", name, good[name]) + text[1:]
	}
	for i := range method.Input().Oneofs().Len() {
		one := method.Input().Oneofs().Get(i)
		if one.IsSynthetic() {
			continue
		}
		all := good
		for f := range one.Fields().Len() {
			all = all.with(one.Fields().Get(f).JSONName(), samples[one.Fields().Get(f).JSONName()])
		}
		bodies["every member of "+string(one.Name())] = all.String()
	}
	var calls []badCall
	for name := range bodies {
		bad := badCall{name: name, rule: "request.json", status: http.StatusBadRequest}
		if len(bodies[name]) > rpc.MaxMessage {
			bad.rule, bad.status = "request.max_bytes", http.StatusRequestEntityTooLarge
		}
		calls = append(calls, over(method, bad, "json", []byte(bodies[name]))...)
	}
	wire := map[string]string{
		"field 0":              "\x00\x00",
		"an end of a group":    "\x0c",
		"a group that is open": "\x0b",
		"an unknown wire type": "\x0f",
		"a tag without end":    strings.Repeat("\xff", 20),
		"JSON":                 `{"zqx":"zqx"}`,
		"groups, deep":         strings.Repeat("\x0b", 20_000),
	}
	if data := encode(t, method, good); len(data) > 0 {
		wire["all but the last byte of a good one"] = string(data[:len(data)-1])
	}
	for name := range wire {
		bad := badCall{name: name, rule: "request.protobuf", status: http.StatusBadRequest}
		calls = append(calls, over(method, bad, "proto", []byte(wire[name]))...)
	}
	return calls
}
