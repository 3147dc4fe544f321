package rpc

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// Violations found before protovalidate runs have the names that protovalidate uses, so that forms show the same text for both.
func TestAP02_SizesAreNamedAsProtovalidateNamesThem(t *testing.T) {
	t.Parallel()
	sizes, err := contractSizes()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for name, fields := range sizes {
		for _, rule := range fields {
			for part, tooLarge := range exceeding(rule) {
				kind, err := protoregistry.GlobalTypes.FindMessageByName(name)
				if err != nil {
					t.Fatal(err)
				}
				message := kind.New()
				message.Set(rule.field, tooLarge(message))

				found := sizes.check(message)
				if len(found.violations) != 1 {
					t.Errorf("%s, %s: found %v", rule.field.FullName(), part, found.violations)
					continue
				}
				if all := allViolations(t, message.Interface()); !slices.Contains(all, found.violations[0]) {
					t.Errorf("%s, %s: found %v, and protovalidate %v", rule.field.FullName(), part, found.violations[0], all)
				}
				checked++
			}
		}
	}
	if checked < 40 {
		t.Errorf("only %d limits were found in the contract", checked)
	}
}

// exceeding returns values of a field that each exceed one limit by one.
func exceeding(rule sizeRule) map[string]func(protoreflect.Message) protoreflect.Value {
	text := func(limits []limit) protoreflect.Value {
		return protoreflect.ValueOfString(strings.Repeat("z", int(limits[0].most)+1))
	}
	values := map[string]func(protoreflect.Message) protoreflect.Value{}
	switch {
	case rule.field.IsList():
		values["count"] = func(m protoreflect.Message) protoreflect.Value {
			list := m.NewField(rule.field)
			for i := range rule.count.most + 1 {
				list.List().Append(protoreflect.ValueOfString(fmt.Sprint(i)))
			}
			return list
		}
		values["item"] = func(m protoreflect.Message) protoreflect.Value {
			list := m.NewField(rule.field)
			list.List().Append(protoreflect.ValueOfString("z"))
			list.List().Append(text(rule.values))
			return list
		}
	case rule.field.IsMap():
		values["count"] = func(m protoreflect.Message) protoreflect.Value {
			pairs := m.NewField(rule.field)
			for i := range rule.count.most + 1 {
				pairs.Map().Set(protoreflect.ValueOfString(fmt.Sprint(i)).MapKey(), protoreflect.ValueOfString("z"))
			}
			return pairs
		}
		values["key"] = func(m protoreflect.Message) protoreflect.Value {
			pairs := m.NewField(rule.field)
			pairs.Map().Set(text(rule.keys).MapKey(), protoreflect.ValueOfString("z"))
			return pairs
		}
		values["value"] = func(m protoreflect.Message) protoreflect.Value {
			pairs := m.NewField(rule.field)
			pairs.Map().Set(protoreflect.ValueOfString("z").MapKey(), text(rule.values))
			return pairs
		}
	case len(rule.values) > 0:
		values["text"] = func(protoreflect.Message) protoreflect.Value { return text(rule.values) }
	}
	return values
}

func allViolations(t *testing.T, message proto.Message) (all []fault.Violation) {
	t.Helper()
	rules, err := contractRules()
	if err != nil {
		t.Fatal(err)
	}
	var broken *protovalidate.ValidationError
	if !errors.As(rules.Validate(message), &broken) {
		t.Fatalf("protovalidate takes %v", message)
	}
	for _, v := range broken.Violations {
		all = append(all, fault.Violation{Field: fieldPath(v.Proto.GetField()), Rule: v.Proto.GetRuleId(), Message: explain(v)})
	}
	return all
}

// A caller learns of everything at once, also beside a field that is too large.
func TestAP02_OtherFieldsAreCheckedBesideOneThatIsTooLarge(t *testing.T) {
	t.Parallel()
	validators := verdictValidators(t)
	message := readRequest(t, "SignUpRequest", fmt.Sprintf(
		`{"email":"ada","name":%q,"nickname":"a","password":"x","verificationIds":["a","b","c"]}`, strings.Repeat("z", 65)))

	got := validators["usual"].verdict(t, message)
	for _, want := range []string{
		"email: email.format", "name: string.max_len", "nickname: string.min_len", "verificationIds: repeated.max_items",
		"password: password.min_length", "role: string.min_len",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not among %v", want, got)
		}
	}
}
