package rpc

import (
	"fmt"
	"sync"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// sizeRules holds the contract's limits on lists, maps, strings and bytes, for each message that a request can contain. The set
// of messages is that of the contract, so it does not grow.
type sizeRules map[protoreflect.FullName][]sizeRule

// sizeRule limits one field of a message.
type sizeRule struct {
	field protoreflect.FieldDescriptor
	// count limits the number of items of a list or map; nil for other fields.
	count *limit
	// keys limits the keys of a map. values limits its values, the items of a list, or the value of any other field.
	keys, values []limit
	// message is the type of the messages in the field; empty if it contains none.
	message protoreflect.FullName
}

// limit is one size rule of the contract, with the rule id and the message of protovalidate.
type limit struct {
	rule, message string
	most          uint64
	// codePoints means that the limit is on characters, not bytes.
	codePoints bool
}

// contractSizes reads the rules once for all servers of a program: tests start hundreds.
var contractSizes = sync.OnceValues(func() (sizeRules, error) {
	rules := sizeRules{}
	for _, file := range services {
		for s := range file.Services().Len() {
			methods := file.Services().Get(s).Methods()
			for m := range methods.Len() {
				if err := rules.read(methods.Get(m).Input()); err != nil {
					return nil, err
				}
			}
		}
	}
	return rules, nil
})

// read adds the limits of a message and of the messages in its fields.
func (rules sizeRules) read(message protoreflect.MessageDescriptor) error {
	if _, known := rules[message.FullName()]; known {
		return nil
	}
	// Stored before the fields are read, since a message may contain its own type.
	rules[message.FullName()] = nil
	var limits []sizeRule
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		found, err := protovalidate.ResolveFieldRules(field)
		if err != nil {
			return fmt.Errorf("read the rules of %s: %w", field.FullName(), err)
		}
		rule := newSizeRule(field, found)
		if inner := messageIn(field); inner != nil {
			rule.message = inner.FullName()
			if err := rules.read(inner); err != nil {
				return err
			}
		}
		limits = append(limits, rule)
	}
	rules[message.FullName()] = limits
	return nil
}

// messageIn returns the type of the messages that a field contains, or nil.
func messageIn(field protoreflect.FieldDescriptor) protoreflect.MessageDescriptor {
	if field.IsMap() {
		return field.MapValue().Message()
	}
	return field.Message()
}

func newSizeRule(field protoreflect.FieldDescriptor, rules *validate.FieldRules) sizeRule {
	rule := sizeRule{field: field}
	switch {
	case rules.GetIgnore() == validate.Ignore_IGNORE_ALWAYS:
	case field.IsList():
		if r := rules.GetRepeated(); r.HasMaxItems() {
			rule.count = newLimit("repeated.max_items", "must contain no more than %d item(s)", r.GetMaxItems(), false)
		}
		rule.values = textLimits(rules.GetRepeated().GetItems())
	case field.IsMap():
		if r := rules.GetMap(); r.HasMaxPairs() {
			rule.count = newLimit("map.max_pairs", "map must be at most %d entries", r.GetMaxPairs(), false)
		}
		rule.keys, rule.values = textLimits(rules.GetMap().GetKeys()), textLimits(rules.GetMap().GetValues())
	default:
		rule.values = textLimits(rules)
	}
	return rule
}

func textLimits(rules *validate.FieldRules) (limits []limit) {
	if r := rules.GetString(); r.HasLen() {
		limits = append(limits, *newLimit("string.len", "must be %d characters", r.GetLen(), true))
	}
	if r := rules.GetString(); r.HasMaxLen() {
		limits = append(limits, *newLimit("string.max_len", "must be at most %d characters", r.GetMaxLen(), true))
	}
	if r := rules.GetString(); r.HasLenBytes() {
		limits = append(limits, *newLimit("string.len_bytes", "must be %d bytes", r.GetLenBytes(), false))
	}
	if r := rules.GetString(); r.HasMaxBytes() {
		limits = append(limits, *newLimit("string.max_bytes", "must be at most %d bytes", r.GetMaxBytes(), false))
	}
	if r := rules.GetBytes(); r.HasLen() {
		limits = append(limits, *newLimit("bytes.len", "must be %d bytes", r.GetLen(), false))
	}
	if r := rules.GetBytes(); r.HasMaxLen() {
		limits = append(limits, *newLimit("bytes.max_len", "must be at most %d bytes", r.GetMaxLen(), false))
	}
	return limits
}

func newLimit(rule, format string, most uint64, codePoints bool) *limit {
	return &limit{rule: rule, message: asSentence(fmt.Sprintf(format, most)), most: most, codePoints: codePoints}
}
