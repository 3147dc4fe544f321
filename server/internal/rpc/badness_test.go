package rpc_test

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// badness is something wrong with one field of a request that is good otherwise.
type badness struct {
	name string
	// json is the value of the field in JSON, binary the field with its tag; one of them can be absent.
	json   string
	binary []byte
	// at is what follows the field's own name in the path of the violation.
	at string
	// whole says that the violation cannot name a field: the message could not be read, or not be received.
	whole bool
	// rule is the violation's, where it has to be a certain one.
	rule string
}

const (
	kilobytes60 = 60 << 10
	megabyte    = 1 << 20
)

// ofField returns every kind of invalid value of a field. A field of a new kind must be added here.
func ofField(t testing.TB, field protoreflect.FieldDescriptor) []badness {
	t.Helper()
	switch {
	case field.IsMap():
		return ofTextMap(field)
	case field.IsList() && field.Kind() == protoreflect.StringKind:
		return ofTextList(field)
	case field.IsList():
	case field.Kind() == protoreflect.StringKind:
		good := strings.Trim(samples[field.JSONName()], `"`)
		return append(ofText(field, good), largeTexts(field)...)
	case field.Kind() == protoreflect.EnumKind:
		return ofEnum(field)
	case field.Kind() == protoreflect.Int32Kind:
		return ofInt32(field)
	}
	t.Fatalf("say in badness_test.go what can be wrong with %s", field.FullName())
	return nil
}

// How a text in JSON is found to be broken: a rule knows its place, the reader of one field knows the field, and who looks
// for the end of the text knows nothing.
const (
	byRule = iota
	byReader
	byParser
)

// brokenTexts are texts that nothing may accept, in JSON. They follow a valid text. The decoders alone decide about some of them;
// those are tried once in each request, with its first field, since the others would behave the same.
var brokenTexts = []struct {
	name, json string
	found      int
	once       bool
}{
	{"NUL", `\u0000`, byRule, false},
	{"control character", `\u0001`, byRule, false},
	{"raw control character", "\x01", byParser, true},
	{"raw NUL", "\x00", byParser, true},
	{"DEL", `\u007f`, byRule, true},
	{"C1 control character", `\u0085`, byRule, false},
	{"line break", `\r\n`, byRule, true},
	{"lone high surrogate", `\ud800`, byReader, false},
	{"lone low surrogate", `\udc00`, byReader, true},
	{"surrogates the wrong way round", `\udc00\ud800`, byReader, true},
	{"half an escape", `\u00`, byParser, true},
	{"unknown escape", `\x41`, byParser, true},
	{"invalid UTF-8", "\xff", byReader, false},
	{"cut UTF-8", "\xed\x95", byReader, true},
	{"overlong UTF-8", "\xc0\xaf", byReader, true},
	{"surrogate in UTF-8", "\xed\xa0\x80", byReader, true},
	{"beyond Unicode", "\xf5\x80\x80\x80", byReader, true},
}

// brokenBytes are the same in the binary form.
var brokenBytes = []struct {
	name, text string
	// readable says that it is a text, and so breaks a rule of its field and not of the encoding.
	readable bool
	once     bool
}{
	{"NUL", "\x00", true, false},
	{"control character", "\x01", true, false},
	{"DEL", "\x7f", true, true},
	{"C1 control character", "\u0085", true, false},
	{"line break", "\r\n", true, true},
	{"invalid UTF-8", "\xff", false, false},
	{"cut UTF-8", "\xed\x95", false, true},
	{"overlong UTF-8", "\xc0\xaf", false, true},
	{"surrogate in UTF-8", "\xed\xa0\x80", false, true},
	{"beyond Unicode", "\xf5\x80\x80\x80", false, true},
}

func ofText(field protoreflect.FieldDescriptor, good string) []badness {
	bad := []badness{
		{name: "number", json: `424242`, rule: "type"},
		{name: "boolean", json: `true`, rule: "type"},
		{name: "object", json: `{"zqx":"zqx"}`, rule: "type"},
		{name: "list", json: `["zqx"]`, rule: "type"},
		{name: "varint in place of bytes, cut", binary: protowire.AppendTag(nil, field.Number(), protowire.VarintType), whole: true},
		{name: "longer than the message", binary: append(tagged(field), 100, 'z', 'q', 'x'), whole: true},
		{name: "length beyond 64 bits", binary: append(tagged(field), strings.Repeat("\xff", 11)...), whole: true},
	}
	for _, broken := range brokenTexts {
		if broken.once && field.Index() > 0 {
			continue
		}
		b := badness{name: broken.name, json: `"` + good + broken.json + `"`, whole: broken.found == byParser}
		if broken.found == byReader {
			b.rule = "type"
		}
		bad = append(bad, b)
	}
	for _, broken := range brokenBytes {
		if broken.once && field.Index() > 0 {
			continue
		}
		bad = append(bad, badness{name: broken.name, binary: text(field, good+broken.text), whole: !broken.readable})
	}
	return bad
}

func largeTexts(field protoreflect.FieldDescriptor) []badness {
	large := strings.Repeat("zqx", kilobytes60/3)
	bad := []badness{{name: "60 KB", json: `"` + large + `"`, binary: text(field, large)}}
	if field.Index() == 0 {
		// Beyond the limit of a message, no field is read, so one field is enough.
		huge := strings.Repeat("zqx", megabyte/3)
		bad = append(bad, badness{
			name: "1 MB", json: `"` + huge + `"`, binary: text(field, huge), whole: true, rule: "request.max_bytes",
		})
	}
	return bad
}

func ofTextList(field protoreflect.FieldDescriptor) []badness {
	bad := []badness{
		{name: "text", json: `"zqx"`, rule: "type"},
		{name: "number", json: `424242`, rule: "type"},
		{name: "object", json: `{"zqx":"zqx"}`, rule: "type"},
		{name: "number in the list", json: `["zqx",424242]`, rule: "type"},
		{name: "null in the list", json: `["zqx",null]`, rule: "type"},
		{name: "list in the list", json: `[["zqx"]]`, rule: "type"},
		{name: "twice the same", json: `["zqx","zqx"]`},
		{name: "too many", json: `["zqx1","zqx2","zqx3","zqx4"]`, binary: []byte(strings.Repeat(string(text(field, "zqx")), 100))},
		{name: "empty text in the list", json: `["zqx",""]`, binary: append(text(field, "zqx"), text(field, "")...), at: "[1]"},
	}
	for _, item := range append(ofText(field, "zqx"), largeTexts(field)...) {
		item.name += " in the list"
		if item.json != "" {
			item.json = "[" + item.json + "]"
		}
		if !item.whole && item.rule == "" {
			item.at = "[0]"
		}
		bad = append(bad, item)
	}
	return bad
}

func ofEnum(field protoreflect.FieldDescriptor) []badness {
	number := func(n int64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(nil, field.Number(), protowire.VarintType), uint64(n))
	}
	return []badness{
		{name: "unknown name", json: `"PURPOSE_ZQX"`},
		{name: "empty name", json: `""`},
		{name: "name in lower case", json: strings.ToLower(samples[field.JSONName()])},
		{name: "unspecified", json: `0`, binary: number(0)},
		{name: "unknown number", json: `99`, binary: number(99)},
		{name: "negative number", json: `-1`, binary: number(-1)},
		{name: "number beyond 32 bits", json: `2147483648`, binary: number(2147483648)},
		{name: "number beyond 64 bits", json: `1e400`},
		{name: "fraction", json: `1.5`},
		{name: "boolean", json: `true`},
		{name: "null", json: `null`},
		{name: "object", json: `{"zqx":1}`},
		{name: "list", json: `[1]`},
		{name: "varint beyond 64 bits", binary: append(
			protowire.AppendTag(nil, field.Number(), protowire.VarintType), strings.Repeat("\xff", 11)...), whole: true},
	}
}

func ofInt32(field protoreflect.FieldDescriptor) []badness {
	number := func(n int64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(nil, field.Number(), protowire.VarintType), uint64(n))
	}
	return []badness{
		{name: "text", json: `"zqx"`, rule: "type"},
		{name: "boolean", json: `true`, rule: "type"},
		{name: "list", json: `[1]`, rule: "type"},
		{name: "object", json: `{}`, rule: "type"},
		{name: "fraction", json: `1.5`, rule: "type"},
		{name: "beyond 32 bits", json: `2147483648`, rule: "type"},
		{name: "beyond 64 bits", json: `1e400`, rule: "type"},
		{name: "negative", json: `-1`, binary: number(-1)},
		{name: "the least", json: `-2147483648`, binary: number(-2147483648)},
		{name: "the greatest", json: `2147483647`, binary: number(2147483647)},
	}
}

func ofTextMap(field protoreflect.FieldDescriptor) []badness {
	pair := func(key, value string) []byte {
		inner := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), key)
		inner = protowire.AppendString(protowire.AppendTag(inner, 2, protowire.BytesType), value)
		return protowire.AppendBytes(tagged(field), inner)
	}
	var many []byte
	for key := range 21 {
		many = append(many, pair(string(rune('a'+key)), "zqx")...)
	}
	return []badness{
		{name: "text", json: `"zqx"`, rule: "type"},
		{name: "number", json: `424242`, rule: "type"},
		{name: "list", json: `["zqx"]`, rule: "type"},
		{name: "number in the object", json: `{"zqx":424242}`, rule: "type"},
		{name: "null in the object", json: `{"zqx":null}`, rule: "type"},
		{name: "lone surrogate in the object", json: `{"zqx":"\ud800"}`, rule: "type"},
		{name: "NUL in a value", json: `{"zqx":"zqx\u0000"}`, binary: pair("zqx", "zqx\x00"), at: "[…]"},
		{name: "NUL in a key", json: `{"zqx\u0000":"zqx"}`, binary: pair("zqx\x00", "zqx"), at: "[…]"},
		{name: "empty key", json: `{"":"zqx"}`, binary: pair("", "zqx"), at: "[…]"},
		{name: "long value", json: `{"zqx":"` + strings.Repeat("zqx", 400) + `"}`, at: "[…]"},
		{name: "too many", binary: many},
		{name: "invalid UTF-8 in a value", binary: pair("zqx", "\xff"), whole: true},
		{name: "invalid UTF-8 in a key", binary: pair("\xff", "zqx"), whole: true},
	}
}

func tagged(field protoreflect.FieldDescriptor) []byte {
	return protowire.AppendTag(nil, field.Number(), protowire.BytesType)
}

func text(field protoreflect.FieldDescriptor, value string) []byte {
	return protowire.AppendString(tagged(field), value)
}
