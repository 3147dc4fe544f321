package rpc

import (
	"strconv"
	"unicode/utf8"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// oversize holds the fields of a message that exceed the contract's size limits.
type oversize struct {
	rules      sizeRules
	violations []fault.Violation
	fields     map[oversizedField]bool
}

// oversizedField identifies a field of one message, of which there may be many of the same type.
type oversizedField struct {
	message proto.Message
	number  protoreflect.FieldNumber
}

// check finds the fields that are too large, before any other rule is applied. The other rules are applied to each item and
// character: 64 KiB can hold 32,000 empty items, each of which would be a violation. The items of a list that is too long are
// skipped.
func (rules sizeRules) check(message protoreflect.Message) oversize {
	o := oversize{rules: rules}
	o.checkMessage(message, "")
	return o
}

func (o *oversize) checkMessage(message protoreflect.Message, path string) {
	for _, rule := range o.rules[message.Descriptor().FullName()] {
		if message.Has(rule.field) {
			o.checkField(message, rule, path+rule.field.JSONName())
		}
	}
}

func (o *oversize) checkField(message protoreflect.Message, rule sizeRule, path string) {
	value, exceeded := message.Get(rule.field), false
	switch {
	case rule.field.IsList():
		list := value.List()
		if exceeded = o.exceeds(rule.count, list.Len(), path); exceeded {
			break
		}
		for i := range list.Len() {
			exceeded = o.checkValue(rule, list.Get(i), path+"["+strconv.Itoa(i)+"]") || exceeded
		}
	case rule.field.IsMap():
		pairs := value.Map()
		if exceeded = o.exceeds(rule.count, pairs.Len(), path); exceeded {
			break
		}
		pairs.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
			exceeded = o.checkText(rule.keys, key.Value(), path+anyKey) || exceeded
			exceeded = o.checkValue(rule, value, path+anyKey) || exceeded
			return true
		})
	default:
		exceeded = o.checkValue(rule, value, path)
	}
	if exceeded {
		o.fields[oversizedField{message.Interface(), rule.field.Number()}] = true
	}
}

// checkValue reports whether a value is too large. A message never is: its fields are checked one by one.
func (o *oversize) checkValue(rule sizeRule, value protoreflect.Value, path string) bool {
	if rule.message != "" {
		o.checkMessage(value.Message(), path+".")
		return false
	}
	return o.checkText(rule.values, value, path)
}

func (o *oversize) checkText(limits []limit, value protoreflect.Value, path string) bool {
	exceeded := false
	for i := range limits {
		exceeded = o.exceeds(&limits[i], limits[i].sizeOf(value), path) || exceeded
	}
	return exceeded
}

// exceeds reports whether a size is over a limit, and records the violation.
func (o *oversize) exceeds(l *limit, size int, path string) bool {
	if l == nil || uint64(size) <= l.most {
		return false
	}
	if o.fields == nil {
		o.fields = map[oversizedField]bool{}
	}
	o.violations = append(o.violations, fault.Violation{Field: path, Rule: l.rule, Message: l.message})
	return true
}

func (l *limit) sizeOf(value protoreflect.Value) int {
	switch text := value.Interface().(type) {
	case string:
		// A text has no more characters than bytes, so most texts need not be counted.
		if l.codePoints && uint64(len(text)) > l.most {
			return utf8.RuneCountInString(text)
		}
		return len(text)
	case []byte:
		return len(text)
	default:
		return 0
	}
}

// skipped returns an option that makes protovalidate skip the fields that are too large.
func (o *oversize) skipped() []protovalidate.ValidationOption {
	if len(o.fields) == 0 {
		return nil
	}
	return []protovalidate.ValidationOption{protovalidate.WithFilter(protovalidate.FilterFunc(
		func(message protoreflect.Message, descriptor protoreflect.Descriptor) bool {
			field, ok := descriptor.(protoreflect.FieldDescriptor)
			return !ok || !o.fields[oversizedField{message.Interface(), field.Number()}]
		}))}
}

// clear empties the fields that are too large.
func (o *oversize) clear() {
	for field := range o.fields {
		m := field.message.ProtoReflect()
		m.Clear(m.Descriptor().Fields().ByNumber(field.number))
	}
}
