package settings

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// checkKeys refuses two things that encoding/json accepts in silence: a key that occurs twice, of which the last one would count,
// and a key in another case than that of the struct. The text must be valid JSON for a value of the type.
func checkKeys(text []byte, t reflect.Type) error {
	return walkValue(json.NewDecoder(bytes.NewReader(text)), t)
}

// walkValue reads one value. A nil type is that of a value whose keys only have to be different.
func walkValue(d *json.Decoder, t reflect.Type) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token {
	case json.Delim('{'):
		return walkObject(d, t)
	case json.Delim('['):
		return walkArray(d, t)
	default:
		return nil
	}
}

func walkArray(d *json.Decoder, t reflect.Type) error {
	var element reflect.Type
	if t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		element = t.Elem()
	}
	for d.More() {
		if err := walkValue(d, element); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func walkObject(d *json.Decoder, t reflect.Type) error {
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		member, known := memberOf(t, key)
		switch {
		case !known:
			return fmt.Errorf("unknown field %q", key)
		case seen[key]:
			return fmt.Errorf("%s occurs twice", key)
		}
		seen[key] = true
		if err := walkValue(d, member); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// memberOf returns the type of the value of a key. It is unknown if the object is a struct without that very key.
func memberOf(t reflect.Type, key string) (member reflect.Type, known bool) {
	switch {
	case t == nil || decodesItself(t):
		return nil, true
	case t.Kind() == reflect.Map:
		return t.Elem(), true
	case t.Kind() != reflect.Struct:
		return nil, true
	}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" && f.IsExported() && !f.Anonymous {
			name = f.Name
		}
		if name != "" && name != "-" && name == key {
			return f.Type, true
		}
	}
	return nil, false
}

// decodesItself reports whether a type has a decoder of its own, which defines the keys.
func decodesItself(t reflect.Type) bool {
	pointer := reflect.PointerTo(t)
	return pointer.Implements(reflect.TypeFor[json.Unmarshaler]()) || pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
