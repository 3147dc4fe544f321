// Package secret holds values that must not be printed: passwords, codes, tokens, the master secret. However a value of
// these types is formatted, logged or marshalled, the result is "[secret]"; Reveal is the only way to what is inside, so
// that a search for it finds every place that handles the real thing.
package secret

import (
	"fmt"
	"log/slog"
)

const hidden = "[secret]"

// Text is a text that does not print.
type Text struct{ value string }

// NewText hides a text.
func NewText(value string) Text { return Text{value: value} }

// Reveal gives the text itself. Never log, store or wrap into an error what it returns.
func (t Text) Reveal() string { return t.value }

// Empty tells whether there is no text.
func (t Text) Empty() bool { return t.value == "" }

// String hides it from whoever asks for a string by name.
func (Text) String() string { return hidden }

// Format covers every verb of package fmt, %#v and %x among them.
func (Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue covers log/slog.
func (Text) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText covers encoding/json, encoding/xml and the like.
func (Text) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// UnmarshalText lets settings be read straight into a Text.
func (t *Text) UnmarshalText(text []byte) error {
	t.value = string(text)
	return nil
}
