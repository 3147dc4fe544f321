package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// The names of connect's codecs.
const (
	binaryCodecName      = "proto"
	jsonCodecName        = "json"
	jsonCharsetCodecName = "json; charset=utf-8"
)

func codecs() []connect.HandlerOption {
	return []connect.HandlerOption{
		connect.WithCodec(binaryCodec{}),
		connect.WithCodec(jsonCodec{jsonCodecName}),
		connect.WithCodec(jsonCodec{jsonCharsetCodecName}),
	}
}

// Violations of a message in which no field can be named.
var (
	notProtobuf = fault.Violation{Rule: "request.protobuf", Message: "The body is not a protobuf message of this method with texts in UTF-8."}
	notJSON     = fault.Violation{Rule: "request.json", Message: "The body is not a JSON object of this method's fields, in UTF-8."}
)

var errNotProto = errors.New("not a protobuf message")

type binaryCodec struct{}

func (binaryCodec) Name() string { return binaryCodecName }

func (binaryCodec) IsBinary() bool { return true }

func (binaryCodec) Marshal(message any) ([]byte, error) {
	m, ok := message.(proto.Message)
	if !ok {
		return nil, errNotProto
	}
	return proto.Marshal(m)
}

// Unknown fields are dropped, so that a newer client can call an older server. In the binary form, this also keeps callers from
// setting unreadableField.
var (
	readBinary = proto.UnmarshalOptions{DiscardUnknown: true}
	readJSON   = protojson.UnmarshalOptions{DiscardUnknown: true}
)

func (binaryCodec) Unmarshal(data []byte, message any) error {
	m, ok := message.(proto.Message)
	if !ok {
		return errNotProto
	}
	if err := readBinary.Unmarshal(data, m); err != nil {
		return markUnreadable(m, notProtobuf)
	}
	return nil
}

type jsonCodec struct{ name string }

func (c jsonCodec) Name() string { return c.name }

func (jsonCodec) IsBinary() bool { return false }

// Marshal writes default values too: for a user of curl, {"available":false} says more than {}.
func (jsonCodec) Marshal(message any) ([]byte, error) {
	m, ok := message.(proto.Message)
	if !ok {
		return nil, errNotProto
	}
	return protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(m)
}

func (jsonCodec) Unmarshal(data []byte, message any) error {
	m, ok := message.(proto.Message)
	if !ok {
		return errNotProto
	}
	if len(data) == 0 {
		// curl without a body: the same as {}.
		return nil
	}
	if err := readJSON.Unmarshal(data, m); err != nil {
		return markUnreadable(m, wrongJSON(data, m.ProtoReflect().Descriptor())...)
	}
	return nil
}

// wrongJSON finds the unreadable fields by reading each field alone. The decoder stops at the first error, and its text is not
// stable.
func wrongJSON(data []byte, descriptor protoreflect.MessageDescriptor) []fault.Violation {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return []fault.Violation{notJSON}
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
		// Each field is valid alone: a field, or the members of a oneof, are present twice.
		return []fault.Violation{notJSON}
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
