package rpc_test

import (
	"testing"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// A field without a limit on its size lets 64 KiB of it through to the use-case.
func TestAP02_EveryFieldOfARequestHasASizeRule(t *testing.T) {
	t.Parallel()

	seen := map[protoreflect.FullName]bool{}
	for _, method := range methods() {
		requireSizeRules(t, method.Input(), seen)
	}
	if len(seen) < len(methods())/2 {
		t.Errorf("only %d kinds of requests were found", len(seen))
	}
}

func requireSizeRules(t *testing.T, message protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool) {
	t.Helper()
	if seen[message.FullName()] {
		return
	}
	seen[message.FullName()] = true
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		rules, err := protovalidate.ResolveFieldRules(field)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case rules.GetIgnore() == validate.Ignore_IGNORE_ALWAYS:
			t.Errorf("%s: the rules are ignored", field.FullName())
		case field.IsList():
			if !rules.GetRepeated().HasMaxItems() {
				t.Errorf("%s: add repeated.max_items", field.FullName())
			}
			requireTextRule(t, field, field, rules.GetRepeated().GetItems())
		case field.IsMap():
			if !rules.GetMap().HasMaxPairs() {
				t.Errorf("%s: add map.max_pairs", field.FullName())
			}
			requireTextRule(t, field, field.MapKey(), rules.GetMap().GetKeys())
			requireTextRule(t, field, field.MapValue(), rules.GetMap().GetValues())
		default:
			requireTextRule(t, field, field, rules)
		}
		switch {
		case field.IsMap() && field.MapValue().Message() != nil:
			requireSizeRules(t, field.MapValue().Message(), seen)
		case !field.IsMap() && field.Message() != nil:
			requireSizeRules(t, field.Message(), seen)
		}
	}
}

// requireTextRule wants a limit for a string or bytes. A list of the allowed values is one too.
func requireTextRule(t *testing.T, field, value protoreflect.FieldDescriptor, rules *validate.FieldRules) {
	t.Helper()
	switch value.Kind() {
	case protoreflect.StringKind:
		r := rules.GetString()
		if !r.HasMaxLen() && !r.HasLen() && !r.HasMaxBytes() && !r.HasLenBytes() && !r.HasConst() && len(r.GetIn()) == 0 {
			t.Errorf("%s: add string.max_len", field.FullName())
		}
	case protoreflect.BytesKind:
		r := rules.GetBytes()
		if !r.HasMaxLen() && !r.HasLen() && !r.HasConst() && len(r.GetIn()) == 0 {
			t.Errorf("%s: add bytes.max_len", field.FullName())
		}
	default:
	}
}
