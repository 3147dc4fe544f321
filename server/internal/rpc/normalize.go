package rpc

import (
	"fmt"
	"sync"

	"buf.build/go/protovalidate"
	"golang.org/x/text/unicode/norm"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// normalizedRules mark the texts that users write and read. Unicode can encode one text in several ways, which it calls
// canonically equivalent: macOS sends a Hangul syllable as two or three letters, most keyboards as one. Addresses and numbers are
// not marked: package contact parses them, and needs the original text.
var normalizedRules = []protoreflect.ExtensionType{
	latchkeyv1.E_Words, latchkeyv1.E_Line, latchkeyv1.E_Paragraphs, latchkeyv1.E_PasswordShape,
}

// normalizedTexts holds the fields of each request whose text is normalized.
type normalizedTexts map[protoreflect.FullName][]protoreflect.FieldDescriptor

// contractTexts reads the rules once for all servers of a program: tests start hundreds.
var contractTexts = sync.OnceValues(func() (normalizedTexts, error) {
	texts := normalizedTexts{}
	for _, file := range services {
		for s := range file.Services().Len() {
			methods := file.Services().Get(s).Methods()
			for m := range methods.Len() {
				if err := texts.read(methods.Get(m).Input()); err != nil {
					return nil, err
				}
			}
		}
	}
	return texts, nil
})

func (texts normalizedTexts) read(message protoreflect.MessageDescriptor) error {
	var fields []protoreflect.FieldDescriptor
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		rules, err := protovalidate.ResolveFieldRules(field)
		if err != nil {
			return fmt.Errorf("read the rules of %s: %w", field.FullName(), err)
		}
		for _, rule := range normalizedRules {
			if on, ok := proto.GetExtension(rules.GetString(), rule).(bool); ok && on {
				fields = append(fields, field)
				break
			}
		}
	}
	texts[message.FullName()] = fields
	return nil
}

// normalize converts the texts of a request to NFC, in place. So rules, limits, handlers and the database all see the same text.
func (texts normalizedTexts) normalize(message protoreflect.Message) {
	for _, field := range texts[message.Descriptor().FullName()] {
		if message.Has(field) {
			if text := message.Get(field).String(); !norm.NFC.IsNormalString(text) {
				message.Set(field, protoreflect.ValueOfString(norm.NFC.String(text)))
			}
		}
	}
}
