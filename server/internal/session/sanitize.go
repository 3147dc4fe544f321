package session

import "strings"

// cut keeps what a client says about itself within n bytes of text that Postgres can store: valid UTF-8 without NUL.
func sanitize(text string, n int) string {
	if len(text) > n {
		text = text[:n]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}
