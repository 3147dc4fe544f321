package contact

import (
	"log/slog"
	"strings"
)

// Masked shows enough of the address for its owner to recognize it, and too little for others to write to it: a***@example.com.
// The number of stars does not reveal the length; a local part of one character is hidden completely.
func (e Email) Masked() string {
	switch {
	case e.IsZero():
		return ""
	case e.at == 1:
		return "***@" + e.Domain()
	}
	return e.address[:1] + "***@" + e.Domain()
}

// LogValue makes slog write the masked form.
func (e Email) LogValue() slog.Value { return slog.StringValue(e.Masked()) }

// Masked hides the middle of a Korean number, 010-****-5678. Of any other number
// it shows the country code and the last digits, at most four and never more
// than a third of the number: +1 ******0123.
func (p Phone) Masked() string {
	if p.IsZero() {
		return ""
	}
	groups := strings.Split(p.formatted, "-")
	if p.region == korea && len(groups) == 3 {
		return groups[0] + "-" + strings.Repeat("*", len(groups[1])) + "-" + groups[2]
	}
	number := p.e164[1+p.codeLength:]
	shown := min(4, len(number)/3)
	return p.e164[:1+p.codeLength] + " " + strings.Repeat("*", len(number)-shown) + number[len(number)-shown:]
}

// LogValue makes slog write the masked form.
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.Masked()) }
