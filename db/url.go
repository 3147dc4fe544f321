package db

import (
	"fmt"
	"log/slog"
)

// URL is a Postgres connection URL, which may hold a password. Formatted, logged or marshaled, it is "[secret]", like a secret.Text
// of the server. This package stands below the server, and cannot use that type.
type URL string

const hiddenURL = "[secret]"

// Reveal returns the text. Never log it, or wrap it into an error.
func (u URL) Reveal() string { return string(u) }

// Empty reports whether the URL is empty.
func (u URL) Empty() bool { return u == "" }

// String returns "[secret]".
func (URL) String() string { return hiddenURL }

// Format hides the URL from every verb of package fmt, including %#v and %x.
func (URL) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hiddenURL)) }

// LogValue hides the URL from log/slog.
func (URL) LogValue() slog.Value { return slog.StringValue(hiddenURL) }

// MarshalText hides the URL from encoding/json, encoding/xml and similar packages.
func (URL) MarshalText() ([]byte, error) { return []byte(hiddenURL), nil }
