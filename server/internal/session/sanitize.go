package session

import "strings"

// sanitize truncates a text from a client to n bytes, and makes it a text that Postgres can store: valid UTF-8 without NUL.
func sanitize(text string, n int) string {
	if len(text) > n {
		text = text[:n]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}
