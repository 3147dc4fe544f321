package settings

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// field is a setting as described by its tags.
type field struct {
	// index is the path of the field through the structs of Settings.
	index    []int
	flag     string
	variable string
	standard string
	help     string
	secret   bool
	// url means that the setting is a URL, of which only the password is secret.
	url bool
}

// fields reads the tags once: each flag of a command line is checked against the settings.
var fields = sync.OnceValue(func() []field { return fieldsOf(reflect.TypeFor[Settings](), nil) })

// fieldsOf returns the settings in a struct and its embedded structs. Fields that kong skips are not settings: the Config of a
// package may hold more than an operator sets.
func fieldsOf(t reflect.Type, outer []int) (all []field) {
	for i := range t.NumField() {
		tag, index := t.Field(i).Tag, append(slices.Clone(outer), i)
		if tag.Get("kong") == "-" {
			continue
		}
		if _, embedded := tag.Lookup("embed"); embedded {
			all = append(all, fieldsOf(t.Field(i).Type, index)...)
			continue
		}
		kind, isSecret := tag.Lookup("secret")
		flag := tag.Get("name")
		all = append(all, field{
			index:    index,
			flag:     flag,
			variable: variable(flag),
			standard: tag.Get("default"),
			help:     tag.Get("help"),
			secret:   isSecret,
			url:      kind == "url",
		})
	}
	return all
}

func isSetting(flag string) bool {
	return slices.ContainsFunc(fields(), func(f field) bool { return f.flag == flag })
}

// show formats a value as an operator would write it. For a secret, it shows only that it is set.
func (f field) show(s Settings) string {
	return f.showValue(reflect.ValueOf(s).FieldByIndex(f.index))
}

func (f field) showValue(v reflect.Value) string {
	switch value := v.Interface().(type) {
	case secretText:
		return f.showSecret(value)
	case []string:
		return strings.Join(value, ",")
	case time.Duration:
		return shortDuration(value)
	default:
		if v.Kind() == reflect.Slice {
			return showList(v)
		}
		// On one line: JSON may have line breaks.
		return strings.ReplaceAll(fmt.Sprint(value), "\n", " ")
	}
}

// secretText is a text that hides itself: a secret.Text or a db.URL.
type secretText interface {
	fmt.Stringer
	Reveal() string
	Empty() bool
}

// showSecret hides a secret. In a URL, only the password is hidden, since an operator wants to see which database it is.
func (f field) showSecret(value secretText) string {
	if value.Empty() {
		return ""
	}
	u, err := url.Parse(value.Reveal())
	// A password that is not percent-encoded can end the host early, and would then be visible in the rest.
	if !f.url || err != nil || u.Scheme == "" || u.Host == "" || u.Fragment != "" || strings.Contains(u.Path+u.RawQuery, "@") {
		return value.String()
	}
	u.RawQuery = ""
	return u.Redacted()
}

// shortDuration formats a duration as 10m instead of Go's 10m0s.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
