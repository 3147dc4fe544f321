package rpc

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// A stream's message is handled in the same way. No stream of the contract can be called without a service key, so this one
// stands for them: the handler, the codecs and the interceptors are the server's.
func TestAP02_StreamsRefuseUnreadableMessages(t *testing.T) {
	t.Parallel()
	errs, _ := mapper()
	rules, err := contractRules()
	if err != nil {
		t.Fatal(err)
	}
	sizes, err := contractSizes()
	if err != nil {
		t.Fatal(err)
	}
	v := validator{rules: rules, sizes: sizes}
	entered := false
	url, client := startServer(t, connect.NewServerStreamHandlerSimple("/zqx",
		func(context.Context, *latchkeyv1.WatchRevocationsRequest, *connect.ServerStream[latchkeyv1.WatchRevocationsResponse]) error {
			entered = true
			return nil
		}, append(codecs(), connect.WithInterceptors(errs, v))...))

	for contentType, message := range map[string]string{
		"application/connect+json":   `{"cursor":`,
		"application/connect+proto":  "\x0a\x7fz",
		"application/grpc+json":      `{"cursor":`,
		"application/grpc":           "\x0a\x7fz",
		"application/grpc-web+json":  `{"cursor":`,
		"application/grpc-web+proto": "\x0a\x7fz",
		"application/grpc-web":       "\x0a" + string([]byte{10}) + strings.Repeat("\xff", 10),
	} {
		frame := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/zqx", bytes.NewReader(frame))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", contentType)
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		text := string(body) + response.Header.Get("Grpc-Message") + response.Trailer.Get("Grpc-Message")
		if !strings.Contains(text, "the request breaks rules of the contract: The body is not a") || entered {
			t.Errorf("%s: got %q", contentType, text)
		}
	}
}

// The mark is valid only in the message that it was set on: if a caller sends a field with its number, it is dropped, at every
// depth.
func TestAP02_TheMarkOfAnUnreadableMessageCannotBeSent(t *testing.T) {
	t.Parallel()
	sent := &latchkeyv1.SignInRequest{Password: "zqx"}
	if err := markUnreadable(sent, notProtobuf); err != nil {
		t.Fatal(err)
	}
	if got := unreadable(sent); len(got) != 1 || got[0] != notProtobuf || sent.GetPassword() != "" {
		t.Errorf("the mark says %v, and the message is %v", got, sent)
	}
	data, err := proto.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"binary": data,
		"within": protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), data),
	} {
		var nested latchkeyv1.SignInResponse // a message with messages in it
		if err := (binaryCodec{}).Unmarshal(data, &nested); err != nil {
			t.Fatal(err)
		}
		if unreadable(&nested) != nil || len(nested.GetUser().ProtoReflect().GetUnknown()) > 0 {
			t.Errorf("%s: a caller can send the mark", name)
		}
	}
}
