package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// unreadable remembers the messages that could not be decoded. connect answers such a request by itself, past every
// interceptor, with the decoder's text and without a detail. So our codecs report success, and the validator, which sees
// the very same message next, refuses it with a reason and violations as everything else is refused.
type unreadable struct{ messages sync.Map }

func (u *unreadable) put(message proto.Message, violations []fault.Violation) {
	// What was read before the mistake must not be looked at.
	proto.Reset(message)
	u.messages.Store(message, violations)
}

func (u *unreadable) take(message proto.Message) []fault.Violation {
	violations, ok := u.messages.LoadAndDelete(message)
	if !ok {
		return nil
	}
	return violations.([]fault.Violation)
}

// The names by which connect knows its codecs.
const (
	binaryCodecName      = "proto"
	jsonCodecName        = "json"
	jsonCharsetCodecName = "json; charset=utf-8"
)

func (u *unreadable) codecs() []connect.HandlerOption {
	return []connect.HandlerOption{
		connect.WithCodec(binaryCodec{u}),
		connect.WithCodec(jsonCodec{jsonCodecName, u}),
		connect.WithCodec(jsonCodec{jsonCharsetCodecName, u}),
	}
}

var errNotProto = errors.New("not a protobuf message")

type binaryCodec struct{ unreadable *unreadable }

func (binaryCodec) Name() string { return binaryCodecName }

func (binaryCodec) IsBinary() bool { return true }

func (binaryCodec) Marshal(message any) ([]byte, error) {
	m, ok := message.(proto.Message)
	if !ok {
		return nil, errNotProto
	}
	return proto.Marshal(m)
}

func (c binaryCodec) Unmarshal(data []byte, message any) error {
	m, ok := message.(proto.Message)
	if !ok {
		return errNotProto
	}
	if err := proto.Unmarshal(data, m); err != nil {
		c.unreadable.put(m, []fault.Violation{{
			Rule: "request.protobuf", Message: "The body is not a protobuf message of this method with texts in UTF-8.",
		}})
	}
	return nil
}

type jsonCodec struct {
	name       string
	unreadable *unreadable
}

func (c jsonCodec) Name() string { return c.name }

func (jsonCodec) IsBinary() bool { return false }

// Marshal writes default values too: for somebody at a shell, {"available":false} says more than {}.
func (jsonCodec) Marshal(message any) ([]byte, error) {
	m, ok := message.(proto.Message)
	if !ok {
		return nil, errNotProto
	}
	return protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(m)
}

// Fields that this version does not know are passed over, so that a newer client can talk to an older server.
var readJSON = protojson.UnmarshalOptions{DiscardUnknown: true}

func (c jsonCodec) Unmarshal(data []byte, message any) error {
	m, ok := message.(proto.Message)
	if !ok {
		return errNotProto
	}
	if len(data) == 0 {
		// curl without a body: the same as {}.
		return nil
	}
	if err := readJSON.Unmarshal(data, m); err != nil {
		c.unreadable.put(m, wrongJSON(data, m.ProtoReflect().Descriptor()))
	}
	return nil
}

// wrongJSON finds the fields that cannot be read by reading each of them alone: the decoder stops at the first one, and
// its text is not meant to be stable.
func wrongJSON(data []byte, descriptor protoreflect.MessageDescriptor) []fault.Violation {
	malformed := []fault.Violation{{Rule: "request.json", Message: "The body is not a JSON object of this method's fields, in UTF-8."}}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return malformed
	}
	var wrong []fault.Violation
	for i := range descriptor.Fields().Len() {
		field := descriptor.Fields().Get(i)
		for _, name := range slices.Compact([]string{field.JSONName(), string(field.Name())}) {
			value, given := fields[name]
			if given && !readable(name, value, field) {
				wrong = append(wrong, fault.Violation{
					Field: field.JSONName(), Rule: "type", Message: fmt.Sprintf("Send %s.", kindOf(field)),
				})
			}
		}
	}
	if len(wrong) == 0 {
		// Each field is good alone: one stands there twice, or two of a oneof do.
		return malformed
	}
	return wrong
}

func readable(name string, value json.RawMessage, field protoreflect.FieldDescriptor) bool {
	alone, err := json.Marshal(map[string]json.RawMessage{name: value})
	if err != nil {
		return false
	}
	return readJSON.Unmarshal(alone, dynamicpb.NewMessage(field.ContainingMessage())) == nil
}

func kindOf(field protoreflect.FieldDescriptor) string {
	kind := "a " + field.Kind().String()
	switch field.Kind() {
	case protoreflect.Int32Kind:
		kind = "a whole number"
	case protoreflect.EnumKind:
		kind = "one of the names of " + string(field.Enum().Name())
	case protoreflect.MessageKind:
		kind = "an object"
	default:
	}
	if field.IsMap() {
		return "an object of texts"
	}
	if field.IsList() {
		return "a list, of which each is " + kind
	}
	return kind
}
