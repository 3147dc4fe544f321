package rpc_test

import (
	"net/http"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// call sends a JSON body to a method, in an envelope if it streams its answers.
func call(t testing.TB, env *latchkeytest.Env, method protoreflect.MethodDescriptor, body string, headers ...header) (answer, refusal, error) {
	t.Helper()
	if method.IsStreamingServer() {
		got := post(t, env, procedure(method), streamType, inEnvelope([]byte(body)), headers...)
		r, err := got.streamRefusal()
		return got, r, err
	}
	got := post(t, env, procedure(method), jsonType, []byte(body), headers...)
	if got.Status == http.StatusOK {
		return got, refusal{}, nil
	}
	r, err := got.refusal()
	return got, r, err
}

// reasonOf returns the reason of an error; UNSPECIFIED if there is none.
func reasonOf(
	t testing.TB, env *latchkeytest.Env, method protoreflect.MethodDescriptor, body string, headers ...header,
) latchkeyv1.Reason {
	t.Helper()
	got, r, err := call(t, env, method, body, headers...)
	if err != nil {
		t.Errorf("%s: status %d: %v in %q", method.Name(), got.Status, err, got.Body)
	}
	return r.Detail.GetReason()
}

// A stream is refused like a call, with the one detail that every refusal has.
func TestLG03_StreamsAreRefusedInTheirOwnWay(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)

	for name, method := range methods() {
		if !method.IsStreamingServer() {
			continue
		}
		if reason := reasonOf(t, env, method, `{}`); reason != latchkeyv1.Reason_REASON_TOKEN_MISSING {
			t.Errorf("%s: got %s", name, reason)
		}
		// As a call with one answer it is not offered.
		for _, contentType := range []string{jsonType, binaryType, ""} {
			post(t, env, procedure(method), contentType, []byte(`{}`)).
				refused(t, http.StatusUnsupportedMediaType, invalid, "request.content_type")
		}
	}
}
