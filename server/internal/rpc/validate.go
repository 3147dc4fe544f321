package rpc

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// contractRules are compiled on first use, and shared by all servers of a program: tests start hundreds.
var contractRules = sync.OnceValues(func() (protovalidate.Validator, error) { return protovalidate.New() })

// validator refuses messages that break the contract, before any handler gets them, with all violations at once.
type validator struct {
	rules    protovalidate.Validator
	sizes    sizeRules
	texts    normalizedTexts
	settings settingsRules
}

func (v validator) check(message proto.Message) error {
	if wrong := unreadable(message); wrong != nil {
		return fault.Invalid(wrong...)
	}
	m := message.ProtoReflect()
	v.texts.normalize(m)
	oversize := v.sizes.check(m)
	wrong := oversize.violations
	err := v.rules.Validate(message, oversize.skipped()...)
	var broken *protovalidate.ValidationError
	switch {
	case errors.As(err, &broken):
		for _, violation := range broken.Violations {
			wrong = append(wrong, fault.Violation{
				Field: fieldPath(violation.Proto.GetField()), Rule: violation.Proto.GetRuleId(), Message: explain(violation),
			})
		}
	case err != nil:
		return fmt.Errorf("validate %s: %w", m.Descriptor().FullName(), err)
	}
	if len(wrong) == 0 {
		// The use-case checks the rules of the settings itself; here they only complete the list.
		return nil
	}
	named := make(map[string]bool, len(wrong))
	for _, violation := range wrong {
		named[violation.Field] = true
	}
	// The message is refused, so nothing needs the fields that are too large.
	oversize.clear()
	for _, violation := range v.settings.violations(message) {
		// One violation for each field is enough: an address without an @ need not be reported twice.
		if !named[violation.Field] {
			wrong = append(wrong, violation)
		}
	}
	return fault.Invalid(wrong...)
}

// anyKey stands for the key of a map in a path: the key is the caller's own text, and is not repeated.
const anyKey = "[…]"

// fieldPath writes a path as in JSON: verification_ids, index 1, is verificationIds[1].
func fieldPath(path *validate.FieldPath) string {
	var s strings.Builder
	for i, element := range path.GetElements() {
		if i > 0 {
			s.WriteByte('.')
		}
		s.WriteString(lowerCamel(element.GetFieldName()))
		switch key := element.GetSubscript().(type) {
		case *validate.FieldPathElement_Index:
			s.WriteString("[" + strconv.FormatUint(key.Index, 10) + "]")
		case *validate.FieldPathElement_StringKey:
			s.WriteString(anyKey)
		}
	}
	return s.String()
}

// lowerCamel applies protobuf's rule for names in JSON.
func lowerCamel(name string) string {
	words := strings.Split(name, "_")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}

// explain returns what is wrong, in words for the user who filled in the field.
func explain(v *protovalidate.Violation) string {
	switch v.Proto.GetRuleId() {
	case "enum.not_in", "enum.defined_only":
		return "Choose one of the values that the contract names."
	case "required", "string.min_len":
		if v.FieldValue.IsValid() && v.FieldValue.Interface() == "" {
			return "This is needed."
		}
	}
	return asSentence(v.Proto.GetMessage())
}

// asSentence turns "must be at most 20 characters" into a sentence.
func asSentence(message string) string {
	if message == "" {
		return "This breaks a rule of the contract."
	}
	message = strings.ToUpper(message[:1]) + message[1:]
	if !strings.HasSuffix(message, ".") {
		message += "."
	}
	return message
}

// WrapUnary checks the message of a call.
func (v validator) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		message, ok := request.Any().(proto.Message)
		if !ok {
			return nil, errNotProto
		}
		if err := v.check(message); err != nil {
			return nil, err
		}
		return next(ctx, request)
	}
}

// WrapStreamingHandler checks the messages that a stream receives.
func (v validator) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		return next(ctx, validatedConn{conn, v})
	}
}

// WrapStreamingClient is part of the interface; there is no client here.
func (validator) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

type validatedConn struct {
	connect.StreamingHandlerConn
	validator validator
}

// Receive refuses a message that breaks the contract.
func (c validatedConn) Receive(message any) error {
	if err := c.StreamingHandlerConn.Receive(message); err != nil {
		return err
	}
	m, ok := message.(proto.Message)
	if !ok {
		return errNotProto
	}
	return c.validator.check(m)
}
