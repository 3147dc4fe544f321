package notify

import (
	"errors"
	"strings"
	"time"
)

// Class is the class of a provider's failure.
type Class string

// The classes. The values are stored.
const (
	// Unreachable: the provider gave no answer, or none that makes sense.
	Unreachable Class = "unreachable"
	// Busy: the provider wants to be asked again later.
	Busy Class = "busy"
	// Misconfigured: the provider refuses us because of credentials, sender or balance.
	Misconfigured Class = "misconfigured"
	// Deferred: the message cannot reach this recipient for now.
	Deferred Class = "deferred"
	// Refused: the message can never reach this recipient.
	Refused Class = "refused"
	// Unregistered: the push token is invalid.
	Unregistered Class = "unregistered"
)

// SendError is why a provider did not accept a message. It is stored and logged, so it holds no text of the provider.
type SendError struct {
	Provider string
	Class    Class
	// Code is the provider's code, or describes a failure of the connection.
	Code string
	// RetryAfter is the wait that the provider asks for; zero if it asks for none.
	RetryAfter time.Duration
	// Ambiguous means that the provider may have accepted the message: it was sent, and no answer tells the outcome.
	Ambiguous bool
	// TooLong means that the message would be useless after RetryAfter, and was given up for it.
	TooLong bool
}

// NewSendError returns a SendError. It drops a code that does not look like one, since a provider's answer can contain anything.
func NewSendError(provider string, class Class, code string) *SendError {
	return &SendError{Provider: provider, Class: class, Code: cleanCode(code)}
}

// Error returns the provider, the class and the code.
func (e *SendError) Error() string {
	text := e.Provider + ": " + string(e.Class)
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	if e.Ambiguous {
		text += ", outcome unknown"
	}
	if e.TooLong {
		text += "; asks for a wait of " + e.RetryAfter.Round(time.Second).String() + ", which is too long"
	}
	return text
}

// Temporary reports whether a retry can succeed.
func (e *SendError) Temporary() bool {
	return e.Class == Unreachable || e.Class == Busy || e.Class == Deferred || e.Ambiguous
}

// OurTrouble reports whether the failure does not concern the recipient. Then another provider may accept the message, and the
// recipient's budget is not charged.
func (e *SendError) OurTrouble() bool {
	return e.Class == Unreachable || e.Class == Busy || e.Class == Misconfigured
}

// sendErrorOf converts the error of a sender to a SendError. It copies it, since many messages can fail with the same value. If
// the error is not a SendError, its text is dropped, since it may contain the message, and the outcome is unknown.
func sendErrorOf(err error) *SendError {
	var known *SendError
	if errors.As(err, &known) {
		return copied(known)
	}
	return &SendError{Provider: "unknown", Class: Unreachable, Ambiguous: true}
}

const (
	maxCode = 40
	// Codes of providers have at most five digits in a row. Six could be a one-time code, and more a phone number.
	maxCodeDigits = 5
)

func cleanCode(code string) string {
	digits := 0
	for _, r := range code {
		switch {
		case '0' <= r && r <= '9':
			if digits++; digits > maxCodeDigits {
				return "unreadable"
			}
			continue
		case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || strings.ContainsRune("._- ", r):
		default:
			return "unreadable"
		}
		// "010-1234-5678" is a phone number too.
		if r != '-' && r != ' ' {
			digits = 0
		}
	}
	if len(code) > maxCode {
		return "unreadable"
	}
	return code
}
