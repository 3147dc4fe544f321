package notify

import (
	"errors"
	"strings"
	"time"
)

// Class is the way in which a provider failed to take a message.
type Class string

// The classes. The values are stored.
const (
	// Unreachable providers gave no answer, or none that makes sense.
	Unreachable Class = "unreachable"
	// Busy providers want to be asked again later.
	Busy Class = "busy"
	// Misconfigured means that the provider refuses us: credentials, sender or balance.
	Misconfigured Class = "misconfigured"
	// Deferred messages cannot reach this recipient for now.
	Deferred Class = "deferred"
	// Refused messages never reach this recipient.
	Refused Class = "refused"
	// Unregistered is a push token that is good for nothing any more.
	Unregistered Class = "unregistered"
)

// SendError is why a message was not taken. It is stored and logged, so it holds none of the provider's words.
type SendError struct {
	Provider string
	Class    Class
	// Code is the provider's own, or what happened to the connection.
	Code string
	// RetryAfter is how long the provider asks to wait; zero when it does not say.
	RetryAfter time.Duration
	// Ambiguous says that the provider may have taken the message all the same: it was handed over, and no answer says what
	// became of it.
	Ambiguous bool
	// TooLong says that the message is of no use after that wait, and was given up for it.
	TooLong bool
}

// NewSendError makes a SendError. Of a code, only what can be one is kept: an answer may hold anything.
func NewSendError(provider string, class Class, code string) *SendError {
	return &SendError{Provider: provider, Class: class, Code: cleanCode(code)}
}

// Error returns provider, class and code.
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

// Temporary reports whether it is worth trying again.
func (e *SendError) Temporary() bool {
	return e.Class == Unreachable || e.Class == Busy || e.Class == Deferred || e.Ambiguous
}

// OurTrouble reports whether the recipient has no part in it: another provider may take the message, and the recipient's
// budget is not to pay for it.
func (e *SendError) OurTrouble() bool {
	return e.Class == Unreachable || e.Class == Busy || e.Class == Misconfigured
}

// sendErrorOf reads an error of a sender: a copy, since many messages can fail with one error. The text of one that is no
// SendError is not kept, since it may hold the message, and says nothing of what became of it.
func sendErrorOf(err error) *SendError {
	var known *SendError
	if errors.As(err, &known) {
		return copied(known)
	}
	return &SendError{Provider: "unknown", Class: Unreachable, Ambiguous: true}
}

const (
	maxCode = 40
	// Codes of providers have at most five digits in a row. Six are a one-time code, and more a phone number.
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
		// "010-1234-5678" is a number too.
		if r != '-' && r != ' ' {
			digits = 0
		}
	}
	if len(code) > maxCode {
		return "unreadable"
	}
	return code
}
