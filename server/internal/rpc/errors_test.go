package rpc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

var errDown = errors.New("the database is down")

// logText keeps a log that many goroutines write.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps a line.
func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String gives the lines so far.
func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// mapper logs into a text.
func mapper() (errorMapper, *logText) {
	log := &logText{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return newErrorMapper(logger, loglimit.NewOutage(logger), func(err error) bool { return errors.Is(err, errDown) }), log
}

func detailOf(t *testing.T, err *connect.Error) *latchkeyv1.ErrorDetail {
	t.Helper()
	if len(err.Details()) != 1 {
		t.Fatalf("the error has %d details", len(err.Details()))
	}
	value, decodeErr := err.Details()[0].Value()
	detail, ok := value.(*latchkeyv1.ErrorDetail)
	if !ok {
		t.Fatalf("the detail is %T, %v", value, decodeErr)
	}
	return detail
}

func TestEveryReasonHasAReply(t *testing.T) {
	t.Parallel()
	messages := map[string]latchkeyv1.Reason{}

	for number, name := range latchkeyv1.Reason_name {
		reason := latchkeyv1.Reason(number)
		reply, ok := replies[reason]
		if reason == latchkeyv1.Reason_REASON_UNSPECIFIED {
			if ok {
				t.Error("UNSPECIFIED is never sent, and has a reply")
			}
			continue
		}
		if !ok || reply.code == 0 || reply.message == "" {
			t.Errorf("%s has no whole reply in reasons.go: %v", name, reply)
		}
		if other, taken := messages[reply.message]; taken {
			t.Errorf("%s and %s say the same", name, other)
		}
		messages[reply.message] = reason
	}
	if len(replies) != len(latchkeyv1.Reason_name)-1 {
		t.Errorf("there are %d replies to %d reasons", len(replies), len(latchkeyv1.Reason_name)-1)
	}
}

// The contract's own words about each reason begin with its code.
func TestRepliesHaveTheCodesOfTheContract(t *testing.T) {
	t.Parallel()
	want := map[connect.Code][]string{
		connect.CodeInvalidArgument: {"INVALID_FIELDS", "PASSWORD_POLICY"},
		connect.CodeAlreadyExists:   {"EMAIL_TAKEN", "PHONE_TAKEN", "NICKNAME_TAKEN"},
		connect.CodeFailedPrecondition: {
			"CODE_MISMATCH", "CODE_EXPIRED", "CODE_SPENT", "VERIFICATION_REQUIRED", "PROOF_INVALID", "RECENT_SIGN_IN_REQUIRED",
			"LAST_SIGN_IN_METHOD",
		},
		connect.CodeUnauthenticated: {
			"CREDENTIALS_INVALID", "TOKEN_MISSING", "TOKEN_INVALID", "TOKEN_EXPIRED", "SESSION_REVOKED", "REFRESH_REUSED",
		},
		connect.CodePermissionDenied:  {"ROLE_REQUIRED", "ACCOUNT_DISABLED", "ORIGIN_REFUSED"},
		connect.CodeResourceExhausted: {"TOO_MANY_ATTEMPTS", "TOO_MANY_SENDS", "BUSY"},
		connect.CodeNotFound:          {"NOT_FOUND"},
		connect.CodeUnavailable:       {"DEPENDENCY_DOWN"},
		connect.CodeInternal:          {"INTERNAL"},
		connect.CodeUnimplemented:     {"UNIMPLEMENTED"},
	}

	for code, names := range want {
		for _, name := range names {
			reason := latchkeyv1.Reason(latchkeyv1.Reason_value["REASON_"+name])
			if got := replies[reason].code; got != code {
				t.Errorf("%s has the code %s, want %s", reason, got, code)
			}
		}
	}
}

func TestARefusalIsAnsweredWhole(t *testing.T) {
	t.Parallel()
	errs, log := mapper()
	call := &Call{Client: session.Client{RequestID: "req_1"}}
	ctx := WithCall(t.Context(), call)
	refusal := fault.Invalid(fault.Violation{Field: "a", Rule: "b", Message: "C."}, fault.Violation{Rule: "d", Message: "E."})
	refusal.AttemptsLeft = 3
	refusal.RetryAfter = 1500 * time.Millisecond

	answer := errs.answer(ctx, fmt.Errorf("zqx: %w", refusal.CausedBy(errors.New("the cause"))))

	want := &latchkeyv1.ErrorDetail{
		Reason:       latchkeyv1.Reason_REASON_INVALID_FIELDS,
		Violations:   []*latchkeyv1.FieldViolation{{Field: "a", Rule: "b", Message: "C."}, {Rule: "d", Message: "E."}},
		RetryAfter:   durationpb.New(1500 * time.Millisecond),
		AttemptsLeft: 3,
		RequestId:    "req_1",
	}
	if diff := cmp.Diff(want, detailOf(t, answer), protocmp.Transform()); diff != "" {
		t.Errorf("the detail (-want +got):\n%s", diff)
	}
	if got, want := answer.Message(), "the request breaks rules of the contract: a: C.; E."; got != want {
		t.Errorf("the sentence is %q, want %q", got, want)
	}
	if got := answer.Meta().Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After is %q, want it rounded up", got)
	}
	if call.Outcome != "REASON_INVALID_FIELDS" {
		t.Errorf("the outcome is %q", call.Outcome)
	}
	if !strings.Contains(log.String(), "the cause") || !strings.Contains(log.String(), "req_1") {
		t.Errorf("the cause is not in the log: %s", log)
	}
}

func TestLG03_OtherErrorsTellNothing(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	ended := func(cause error) context.Context {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 0, cause)
		t.Cleanup(cancel)
		return ctx
	}

	for name, c := range map[string]struct {
		err    error
		ctx    context.Context
		want   latchkeyv1.Reason
		logged bool
	}{
		"any":                {errors.New("zqx"), t.Context(), latchkeyv1.Reason_REASON_INTERNAL, true},
		"connect's":          {connect.NewError(connect.CodeNotFound, errors.New("zqx")), t.Context(), latchkeyv1.Reason_REASON_INTERNAL, true},
		"the database":       {fmt.Errorf("zqx: %w", errDown), t.Context(), latchkeyv1.Reason_REASON_DEPENDENCY_DOWN, true},
		"a deadline":         {fmt.Errorf("zqx: %w", context.DeadlineExceeded), t.Context(), latchkeyv1.Reason_REASON_DEPENDENCY_DOWN, true},
		"the caller is gone": {fmt.Errorf("zqx: %w", context.Canceled), cancelled, latchkeyv1.Reason_REASON_CANCELED, false},
		// Something else was cancelled while the caller waits: a defect.
		"another is gone":                     {fmt.Errorf("zqx: %w", context.Canceled), t.Context(), latchkeyv1.Reason_REASON_INTERNAL, true},
		"the database until our deadline":     {fmt.Errorf("zqx: %w", errDown), ended(ErrCallTimeout), latchkeyv1.Reason_REASON_DEPENDENCY_DOWN, true},
		"a deadline that is ours":             {fmt.Errorf("zqx: %w", context.DeadlineExceeded), ended(ErrCallTimeout), latchkeyv1.Reason_REASON_DEPENDENCY_DOWN, true},
		"the database until their deadline":   {fmt.Errorf("zqx: %w", errDown), ended(nil), latchkeyv1.Reason_REASON_TIMED_OUT, true},
		"something else until our deadline":   {errors.New("zqx"), ended(ErrCallTimeout), latchkeyv1.Reason_REASON_TIMED_OUT, true},
		"a body that came until our deadline": {connect.NewError(connect.CodeDeadlineExceeded, errors.New("zqx")), ended(ErrCallTimeout), latchkeyv1.Reason_REASON_TIMED_OUT, false},
		"not built":                           {connect.NewError(connect.CodeUnimplemented, errors.New("zqx")), t.Context(), latchkeyv1.Reason_REASON_UNIMPLEMENTED, false},
	} {
		errs, log := mapper()

		answer := errs.answer(WithCall(c.ctx, &Call{Client: session.Client{RequestID: "req_1"}}), c.err)

		detail := detailOf(t, answer)
		if detail.GetReason() != c.want || answer.Code() != replies[c.want].code || detail.GetRequestId() != "req_1" {
			t.Errorf("%s: got %v, %v", name, answer, detail)
		}
		if text := answer.Error() + detail.String(); strings.Contains(text, "zqx") {
			t.Errorf("%s: the caller reads %s", name, text)
		}
		if logged := strings.Contains(log.String(), "zqx") && strings.Contains(log.String(), "req_1"); logged != c.logged {
			t.Errorf("%s: in the log stands %q", name, log)
		}
	}
}

// connect writes such an error past every interceptor; the caller has done nothing wrong.
func TestLG03_AnAnswerThatCannotBeWrittenIsOurDefect(t *testing.T) {
	t.Parallel()
	errs, log := mapper()
	const path = "/zqx"
	handler := connectErrors{
		errors: errs, methods: methodTable{path: {access: latchkeyv1.Access_ACCESS_PUBLIC}},
		next: connect.NewUnaryHandlerSimple(path, func(context.Context, *latchkeyv1.GetProfileRequest) (*latchkeyv1.User, error) {
			return &latchkeyv1.User{Name: "zqx\xff"}, nil
		}, codecs()...),
	}

	for _, contentType := range []string{"application/json", "application/proto"} {
		request := httptest.NewRequest(http.MethodPost, path, nil)
		request.Header.Set("Content-Type", contentType)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)

		if body := recorder.Body.String(); recorder.Code != http.StatusInternalServerError ||
			!strings.Contains(body, "REASON_INTERNAL") || strings.Contains(body, "UTF-8") || strings.Contains(body, "zqx") {
			t.Errorf("%s: got %d %s", contentType, recorder.Code, body)
		}
		if !strings.Contains(log.String(), "UTF-8") {
			t.Errorf("%s: the cause is not in the log: %s", contentType, log)
		}
	}
}

// A use-case's own list is cut as the validator's is.
func TestAP02_AnErrorNamesTwentyViolationsAtMost(t *testing.T) {
	t.Parallel()
	errs, _ := mapper()
	for n, more := range map[int]string{1: "", 20: "", 21: " And 1 more.", 5_000: " And 4980 more."} {
		violations := make([]fault.Violation, n)
		for i := range violations {
			violations[i] = fault.Violation{Field: fmt.Sprintf("items[%d]", i), Rule: "zqx", Message: "Too much."}
		}
		answer := errs.answer(t.Context(), fault.Invalid(violations...))
		if got := len(detailOf(t, answer).GetViolations()); got != min(n, 20) {
			t.Errorf("%d violations: the detail has %d", n, got)
		}
		last := fmt.Sprintf("items[%d]: Too much.%s", min(n, 20)-1, more)
		if !strings.HasSuffix(answer.Message(), last) {
			t.Errorf("%d violations: got %q, want %q at the end", n, answer.Message(), last)
		}
	}
}
