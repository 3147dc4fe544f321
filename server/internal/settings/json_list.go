package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// jsonList is the value of the tag type for a setting that is a list of structs, written as JSON. The package that owns the struct
// names its fields by json tags, and uses secret.Text for secrets. Such a setting has the tag secret too, so that it can be read
// from a file.
//
// A key that the struct does not have in this spelling is a problem: a misspelt one would leave a default in place without a word.
// A key that occurs twice is one too.
const jsonList = "jsonlist"

// collectJSONList reads a list of structs. It notes every entry that is wrong, and then leaves the list empty. What it notes holds
// no value, since an entry can hold secrets.
func (s *Source) collectJSONList(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := ctx.Scan.PopValueInto("value", &text); err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return nil
	}
	setting := variable(ctx.Value.Name)
	var entries []json.RawMessage
	if err := json.Unmarshal([]byte(text), &entries); err != nil {
		s.problem(setting, "is not a JSON list; write it like [{…}, {…}]"+position(err))
		return nil
	}
	list := reflect.MakeSlice(target.Type(), len(entries), len(entries))
	wrong := false
	for i, entry := range entries {
		if err := decodeStrictly(entry, list.Index(i).Addr().Interface()); err != nil {
			wrong = true
			s.problem(setting, fmt.Sprintf("entry %d: %s", i+1, err))
		}
	}
	if !wrong {
		target.Set(list)
	}
	return nil
}

// showList returns a list of structs as JSON. Secrets in it hide themselves.
func showList(list reflect.Value) string {
	if list.Len() == 0 {
		return ""
	}
	text, err := json.Marshal(list.Interface())
	if err != nil {
		return fmt.Sprintf("%d entries", list.Len())
	}
	return string(text)
}

func decodeStrictly(entry json.RawMessage, into any) error {
	if trimmed := bytes.TrimSpace(entry); len(trimmed) == 0 || trimmed[0] != '{' {
		return errors.New("is not a JSON object")
	}
	decoder := json.NewDecoder(bytes.NewReader(entry))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return checkKeys(entry, reflect.TypeOf(into).Elem())
	case errors.As(err, &wrongType):
		return fmt.Errorf("%s has a %s, which it does not take", wrongType.Field, wrongType.Value)
	default:
		// It names the key that is unknown.
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
}

// position says where a text stops being JSON. The parser's own message can hold a part of the text.
func position(err error) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return ""
	}
	return fmt.Sprintf(" (byte %d)", syntax.Offset)
}
