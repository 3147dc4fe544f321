package rpc

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// unreadableField holds the violations of a message that could not be decoded. Its number is the highest possible, in the part of
// the message for unknown fields. The codecs drop unknown fields, so no caller can set it.
//
// connect writes the error of a codec itself, past every interceptor, with the decoder's text and without a detail. So our codecs
// report success and mark the message, and the validator refuses it like any invalid message. The mark is in the message itself,
// because connect drops some messages before the validator sees them: for instance if a second one follows, or the stream is
// reset.
const unreadableField = protowire.MaxValidNumber

// markUnreadable empties a message and marks it.
func markUnreadable(message proto.Message, violations ...fault.Violation) error {
	// What was decoded before the error must not be used.
	proto.Reset(message)
	wrong, err := proto.Marshal(&latchkeyv1.ErrorDetail{Violations: toViolations(violations)})
	if err != nil {
		return err
	}
	mark := protowire.AppendTag(nil, unreadableField, protowire.BytesType)
	message.ProtoReflect().SetUnknown(protowire.AppendBytes(mark, wrong))
	return nil
}

// unreadable returns the violations of a marked message, and nil for any other message.
func unreadable(message proto.Message) []fault.Violation {
	mark := message.ProtoReflect().GetUnknown()
	if len(mark) == 0 {
		return nil
	}
	number, kind, n := protowire.ConsumeTag(mark)
	if number != unreadableField || kind != protowire.BytesType {
		return []fault.Violation{notProtobuf}
	}
	wrong, _ := protowire.ConsumeBytes(mark[n:])
	detail := &latchkeyv1.ErrorDetail{}
	if err := proto.Unmarshal(wrong, detail); err != nil || len(detail.GetViolations()) == 0 {
		return []fault.Violation{notProtobuf}
	}
	return fromViolations(detail.GetViolations())
}

func toViolations(violations []fault.Violation) []*latchkeyv1.FieldViolation {
	converted := make([]*latchkeyv1.FieldViolation, len(violations))
	for i, v := range violations {
		converted[i] = &latchkeyv1.FieldViolation{Field: v.Field, Rule: v.Rule, Message: v.Message}
	}
	return converted
}

func fromViolations(violations []*latchkeyv1.FieldViolation) []fault.Violation {
	converted := make([]fault.Violation, len(violations))
	for i, v := range violations {
		converted[i] = fault.Violation{Field: v.GetField(), Rule: v.GetRule(), Message: v.GetMessage()}
	}
	return converted
}
