// Package fault is the one error type that may reach a caller of the API.
//
// A use-case refuses by returning a *fault.Error with a reason of the contract; the transport turns it into the answer,
// in one file (rpc/errors.go). Every other error is a defect or an outage: its text goes to the log and never to the
// caller. So a use-case never puts what it found inside, or whose data it was, into a fault.
package fault

import (
	"errors"
	"fmt"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// Error is a refusal with a reason that the caller can act on.
type Error struct {
	// Reason is never REASON_UNSPECIFIED.
	Reason latchkeyv1.Reason
	// Violations names every rule that the request breaks, when the reason is about fields.
	Violations []Violation
	// RetryAfter says how long to wait before the same call can succeed; zero when waiting does not help.
	RetryAfter time.Duration
	// AttemptsLeft says how many tries remain, with REASON_CODE_MISMATCH.
	AttemptsLeft int
	// cause is for the log alone.
	cause error
}

// Violation is one rule that one field of the request breaks.
type Violation struct {
	// Field is the path in JSON spelling, such as "newPassword" or "verificationIds[1]"; empty for the whole request.
	Field string
	// Rule is the rule's stable id.
	Rule string
	// Message says what is wrong, in English.
	Message string
}

// New refuses for a reason that needs no further words.
func New(reason latchkeyv1.Reason) *Error { return &Error{Reason: reason} }

// Invalid refuses a request for the fields that break the contract.
func Invalid(violations ...Violation) *Error {
	return &Error{Reason: latchkeyv1.Reason_REASON_INVALID_FIELDS, Violations: violations}
}

// RetryAfter refuses for now.
func RetryAfter(reason latchkeyv1.Reason, wait time.Duration) *Error {
	return &Error{Reason: reason, RetryAfter: wait}
}

// CausedBy keeps an error for the log; the caller never sees it.
func (e *Error) CausedBy(cause error) *Error {
	e.cause = cause
	return e
}

// Error is for the log. It holds no field's value.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %v", e.Reason, e.cause)
	}
	return e.Reason.String()
}

// Unwrap gives what CausedBy was told.
func (e *Error) Unwrap() error { return e.cause }

// Is tells whether err is, or wraps, a refusal for this reason.
func Is(err error, reason latchkeyv1.Reason) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == reason
}
