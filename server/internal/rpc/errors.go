package rpc

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/durationpb"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
)

// errorMapper alone decides what callers learn from an error. A fault becomes its Connect code, message and detail. Every other
// error becomes "internal" or "unavailable". Its text may be confidential, so it is only logged, with the request's id.
type errorMapper struct {
	log *slog.Logger
	// outage, timeouts and defects limit the log lines of an outage, or of a caller that repeats a call.
	outage            *loglimit.Outage
	timeouts, defects *slog.Logger
	// unavailable reports whether an error means that the database is down.
	unavailable func(error) bool
}

// ErrStopping is the cause with which a call's context is canceled when the server stops and cannot wait longer for the call.
var ErrStopping = errors.New("the server is stopping")

// ErrCallTimeout is the cause with which a call's context is canceled when the server's own limit on calls is reached, rather
// than the caller's deadline.
var ErrCallTimeout = errors.New("the call took longer than the server allows")

// Limits on log lines a minute for time-outs and defects. The access log has the outcome of each call.
const (
	timeoutLines = 10
	defectLines  = 60
)

func newErrorMapper(log *slog.Logger, outage *loglimit.Outage, unavailable func(error) bool) errorMapper {
	return errorMapper{
		log:         log,
		outage:      outage,
		timeouts:    slog.New(loglimit.Handler(log.Handler(), timeoutLines)),
		defects:     slog.New(loglimit.Handler(log.Handler(), defectLines)),
		unavailable: unavailable,
	}
}

// dependencyRetry is when to try again while a dependency is down.
const dependencyRetry = 2 * time.Second

// answer maps an error to the response.
func (m errorMapper) answer(ctx context.Context, err error) *connect.Error {
	call := CallFrom(ctx)
	return toAnswer(call, m.refusal(ctx, call, err))
}

func toAnswer(call *Call, refusal *fault.Error) *connect.Error {
	reply := replies[refusal.Reason]
	call.Outcome = refusal.Reason.String()

	violations := refusal.Violations[:min(len(refusal.Violations), maxViolations)]
	more := len(refusal.Violations) - len(violations)
	answer := connect.NewError(reply.code, errors.New(sentence(reply.message, violations, more)))
	detail := &latchkeyv1.ErrorDetail{
		Reason:       refusal.Reason,
		AttemptsLeft: int32(refusal.AttemptsLeft),
		RequestId:    call.Client.RequestID,
		Violations:   toViolations(violations),
	}
	if refusal.RetryAfter > 0 {
		detail.RetryAfter = durationpb.New(refusal.RetryAfter)
		// Rounded up to whole seconds (RFC 9110 section 10.2.3), since a call a moment too early would be refused again.
		answer.Meta().Set("Retry-After", strconv.Itoa(int(math.Ceil(refusal.RetryAfter.Seconds()))))
	}
	if d, err := connect.NewErrorDetail(detail); err == nil {
		answer.AddDetail(d)
	}
	return answer
}

// refusal maps an error to a fault, and logs the rest.
func (m errorMapper) refusal(ctx context.Context, call *Call, err error) *fault.Error {
	var (
		refusal *fault.Error
		answer  *connect.Error
	)
	switch {
	case errors.As(err, &refusal):
		if cause := refusal.Unwrap(); cause != nil {
			m.log.DebugContext(ctx, "refused", "request", call.Client.RequestID, "reason", refusal.Reason, "cause", cause)
		}
		return refusal
	case errors.As(err, &answer) && ofConnect[answer.Code()] != nil:
		return ofConnect[answer.Code()]
	case errors.Is(context.Cause(ctx), ErrStopping):
		return fault.RetryAfter(latchkeyv1.Reason_REASON_DEPENDENCY_DOWN, dependencyRetry)
	case errors.Is(ctx.Err(), context.Canceled):
		return fault.New(latchkeyv1.Reason_REASON_CANCELED)
	case errors.Is(context.Cause(ctx), ErrCallTimeout) && m.isDown(err):
		// The call spent its time waiting for the database. Its own statements take much less.
		m.outage.Failed(ctx, call.Client.RequestID, err)
		return fault.RetryAfter(latchkeyv1.Reason_REASON_DEPENDENCY_DOWN, dependencyRetry)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		// Callers can choose a deadline that no call meets. So this alone is not an error of the server.
		m.timeouts.InfoContext(ctx, "deadline exceeded", "request", call.Client.RequestID, "error", err)
		return fault.New(latchkeyv1.Reason_REASON_TIMED_OUT)
	case m.isDown(err):
		m.outage.Failed(ctx, call.Client.RequestID, err)
		return fault.RetryAfter(latchkeyv1.Reason_REASON_DEPENDENCY_DOWN, dependencyRetry)
	default:
		m.defects.ErrorContext(ctx, "internal error", "request", call.Client.RequestID, "error", err)
		return fault.New(latchkeyv1.Reason_REASON_INTERNAL)
	}
}

// isDown reports whether an error means that a dependency of the call does not answer.
func (m errorMapper) isDown(err error) bool {
	return m.unavailable(err) || errors.Is(err, context.DeadlineExceeded)
}

// ofConnect maps the errors that connect returns itself while it reads the message of a stream, and those of methods that are not
// implemented.
var ofConnect = map[connect.Code]*fault.Error{
	connect.CodeUnimplemented:     fault.New(latchkeyv1.Reason_REASON_UNIMPLEMENTED),
	connect.CodeResourceExhausted: fault.Invalid(tooLarge),
	connect.CodeInvalidArgument:   fault.Invalid(notConnect),
	connect.CodeCanceled:          fault.New(latchkeyv1.Reason_REASON_CANCELED),
	connect.CodeDeadlineExceeded:  fault.New(latchkeyv1.Reason_REASON_TIMED_OUT),
}

// maxViolations bounds the response, which gRPC sends in headers. No form of the contract has so many fields.
const maxViolations = 20

// sentence lists the violations in the message, for developers who read it in a terminal.
func sentence(message string, violations []fault.Violation, more int) string {
	var s strings.Builder
	s.WriteString(message)
	for i, v := range violations {
		if i == 0 {
			s.WriteString(": ")
		} else {
			s.WriteString("; ")
		}
		if v.Field != "" {
			s.WriteString(v.Field + ": ")
		}
		s.WriteString(v.Message)
	}
	if more > 0 {
		s.WriteString(" And " + strconv.Itoa(more) + " more.")
	}
	return s.String()
}

// WrapUnary maps the errors of calls.
func (m errorMapper) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		response, err := next(ctx, request)
		if err != nil {
			return nil, m.answer(ctx, err)
		}
		m.outage.Succeeded(ctx)
		return response, nil
	}
}

// WrapStreamingHandler maps the errors of streams.
func (m errorMapper) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		if err := next(ctx, conn); err != nil {
			return m.answer(ctx, err)
		}
		m.outage.Succeeded(ctx)
		return nil
	}
}

// WrapStreamingClient is part of the interface; there is no client here.
func (errorMapper) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}
