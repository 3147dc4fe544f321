package rpc_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

func TestIN01_GRPCRefusesBadMessages(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	before := env.Rows(tables...)

	for name, protocol := range map[string]connect.ClientOption{"gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb()} {
		auth := latchkeyv1connect.NewAuthServiceClient(env.HTTP2(), env.URL, protocol)
		for field, call := range map[string]func(context.Context) error{
			"identifier": func(ctx context.Context) error {
				_, err := auth.SignIn(ctx, &latchkeyv1.SignInRequest{Password: "zqx"})
				return err
			},
			"purpose": func(ctx context.Context) error {
				_, err := auth.SendCode(ctx, &latchkeyv1.SendCodeRequest{
					Purpose: 99, Contact: &latchkeyv1.SendCodeRequest_Email{Email: "zqx@example.com"},
				})
				return err
			},
			"nickname": func(ctx context.Context) error {
				_, err := auth.CheckAvailability(ctx, &latchkeyv1.CheckAvailabilityRequest{
					Contact: &latchkeyv1.CheckAvailabilityRequest_Nickname{Nickname: "zqx\x00"},
				})
				return err
			},
			"verificationIds[1]": func(ctx context.Context) error {
				_, err := auth.SignUp(ctx, &latchkeyv1.SignUpRequest{VerificationIds: []string{"zqx", "zqx zqx"}})
				return err
			},
			"code": func(ctx context.Context) error {
				_, err := auth.VerifyCode(ctx, &latchkeyv1.VerifyCodeRequest{VerificationId: "zqx", Code: "zqx"})
				return err
			},
		} {
			err := call(t.Context())
			if connect.CodeOf(err) != connect.CodeInvalidArgument {
				t.Errorf("%s, %s: got %v", name, field, err)
			}
			r := refusal{Detail: env.Refused(err, invalid), Text: err.Error()}
			if !r.names(field) || r.repeats() {
				t.Errorf("%s, %s: got %v, %v", name, field, err, r.Detail)
			}
		}
	}

	if diff := cmp.Diff(before, env.Rows(tables...)); diff != "" {
		t.Errorf("refused calls have left something behind (-before +after):\n%s", diff)
	}
}

// What no client would send. Of the two codes that mean a defect of the server, none may come. (A frame that is cut short
// is another thing: INTERNAL is what gRPC itself has for that, on either side.)
func TestIN01_GRPCRefusesWhatIsNoMessage(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	invalidUTF8 := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "zqx\xff")

	for name, body := range map[string][]byte{
		"nothing":                nil,
		"a frame of 4 GB":        {0, 0xff, 0xff, 0xff, 0xff, 'z'},
		"a frame over the limit": inEnvelope(make([]byte, megabyte)),
		"two messages":           append(inEnvelope(nil), inEnvelope(nil)...),
		"invalid UTF-8":          inEnvelope(invalidUTF8),
		"an open group":          inEnvelope([]byte{0x0b}),
		"text":                   []byte(strings.Repeat("zqx", 100)),
	} {
		for _, contentType := range []string{"application/grpc", "application/grpc+proto", "application/grpc-web+proto", "application/grpc+json"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, env.URL+signIn, bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", contentType)
			request.Header.Set("Te", "trailers")
			response, err := env.HTTP2().Do(request)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, contentType, err)
			}
			got := read(t, response)
			switch status := got.grpcStatus(); status {
			case "", "0", "2", "13":
				t.Errorf("%s, %s: got %d, status %q, %v %v %q", name, contentType, got.Status, status, got.Header, got.Trailer, got.Body)
			}
		}
	}
}

// grpcStatus is the number at the end of an answer: in the trailers, in the headers when there is nothing else, and in
// gRPC-Web at the end of the body.
func (a answer) grpcStatus() string {
	for _, header := range []http.Header{a.Trailer, a.Header} {
		if status := header.Get("Grpc-Status"); status != "" {
			return status
		}
	}
	_, after, _ := strings.Cut(strings.ToLower(string(a.Body)), "grpc-status: ")
	status, _, _ := strings.Cut(after, "\r\n")
	return status
}
