package settings

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// field is a setting as its tags describe it.
type field struct {
	// index leads to the field through the structs that Settings is made of.
	index    []int
	flag     string
	variable string
	standard string
	help     string
	secret   bool
	// url says that the secret is a URL, of which only some parts are one.
	url bool
}

// fields reads the tags once: each flag of a command line asks whether it is a setting.
var fields = sync.OnceValue(func() []field { return fieldsOf(reflect.TypeFor[Settings](), nil) })

// fieldsOf returns the settings in a struct and in those that are embedded in it. Fields that kong skips are no settings: a
// package's Config may hold more than an operator sets.
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

// show gives a value as an operator would write it, and of a secret only that it is set.
func (f field) show(s Settings) string {
	return f.showValue(reflect.ValueOf(s).FieldByIndex(f.index))
}

func (f field) showValue(v reflect.Value) string {
	switch value := v.Interface().(type) {
	case secret.Text:
		return f.showSecret(value)
	case []string:
		return strings.Join(value, ",")
	case time.Duration:
		return shortDuration(value)
	default:
		if v.Kind() == reflect.Slice {
			return showList(v)
		}
		// One line each: JSON may have been written over several.
		return strings.ReplaceAll(fmt.Sprint(value), "\n", " ")
	}
}

// showSecret hides a secret. Of a URL, only the password is one: an operator wants to see which database it is.
func (f field) showSecret(value secret.Text) string {
	if value.Empty() {
		return ""
	}
	u, err := url.Parse(value.Reveal())
	// A password that nobody has percent-encoded can end the host early, and then stands in what follows.
	if !f.url || err != nil || u.Scheme == "" || u.Host == "" || u.Fragment != "" || strings.Contains(u.Path+u.RawQuery, "@") {
		return value.String()
	}
	u.RawQuery = ""
	return u.Redacted()
}

// shortDuration writes 10m for what Go writes as 10m0s.
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
