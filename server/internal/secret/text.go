// Package secret has types for values that must not be printed: passwords, codes, tokens, the master secret. Formatted, logged or
// marshaled, such a value is "[secret]". Reveal is the only access to the value, so a search for it finds every place that
// handles one.
package secret

import (
	"fmt"
	"log/slog"
)

const hidden = "[secret]"

// Text is a text that is never printed.
type Text struct{ value string }

// NewText returns a Text.
func NewText(value string) Text { return Text{value: value} }

// Reveal returns the text. Never log or store it, or wrap it into an error.
func (t Text) Reveal() string { return t.value }

// Empty reports whether the text is empty.
func (t Text) Empty() bool { return t.value == "" }

// String returns "[secret]".
func (Text) String() string { return hidden }

// Format hides the text from every verb of package fmt, including %#v and %x.
func (Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides the text from log/slog.
func (Text) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the text from encoding/json, encoding/xml and similar packages.
func (Text) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// UnmarshalText lets settings be decoded directly into a Text.
func (t *Text) UnmarshalText(text []byte) error {
	t.value = string(text)
	return nil
}
