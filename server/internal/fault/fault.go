// Package fault has the one error type that callers of the API may see.
//
// A use-case refuses by returning a *fault.Error with a reason of the contract. The transport maps it to a response, in one file
// (rpc/errors.go). Every other error is a defect or an outage: its text is logged and never sent to the caller. So a fault must
// not contain internal details, or data of other users.
package fault

import (
	"errors"
	"fmt"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// Error is a refusal, with a reason that the caller can act on.
type Error struct {
	// Reason is never REASON_UNSPECIFIED.
	Reason latchkeyv1.Reason
	// Violations are the rules that the request breaks, if the reason is about fields.
	Violations []Violation
	// RetryAfter is the wait before the same call can succeed; zero if waiting does not help.
	RetryAfter time.Duration
	// AttemptsLeft is how many attempts remain, for REASON_CODE_MISMATCH.
	AttemptsLeft int
	// cause is only logged.
	cause error
}

// Violation is a rule that a field of the request breaks.
type Violation struct {
	// Field is the path in JSON spelling, such as "newPassword" or "verificationIds[1]"; empty for the whole request.
	Field string
	// Rule is the rule's stable id.
	Rule string
	// Message describes the violation in English.
	Message string
}

// New returns an Error with a reason alone.
func New(reason latchkeyv1.Reason) *Error { return &Error{Reason: reason} }

// Invalid returns an Error for fields that break the contract.
func Invalid(violations ...Violation) *Error {
	return &Error{Reason: latchkeyv1.Reason_REASON_INVALID_FIELDS, Violations: violations}
}

// RetryAfter returns an Error with a wait.
func RetryAfter(reason latchkeyv1.Reason, wait time.Duration) *Error {
	return &Error{Reason: reason, RetryAfter: wait}
}

// CausedBy adds an error for the log. The caller never sees it.
func (e *Error) CausedBy(cause error) *Error {
	e.cause = cause
	return e
}

// Error returns a text for the log, without the values of fields.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %v", e.Reason, e.cause)
	}
	return e.Reason.String()
}

// Unwrap returns the error that CausedBy has added.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether err is, or wraps, an Error with this reason.
func Is(err error, reason latchkeyv1.Reason) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == reason
}
