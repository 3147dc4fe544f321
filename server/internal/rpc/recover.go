package rpc

import (
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// recovery turns a panic into an "internal" error in the request's protocol, so that it ends one request and not the process. It
// wraps everything, since a gate or a decoder can panic too, which no interceptor sees.
type recovery struct {
	next   http.Handler
	errors errorMapper
}

// ServeHTTP answers a call.
func (h recovery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := &begunWriter{ResponseWriter: w}
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares in the same way
			panic(cause)
		}
		h.errors.defects.ErrorContext(r.Context(), "panic",
			"request", CallFrom(r.Context()).Client.RequestID, "cause", describePanic(cause), "stack", string(debug.Stack()))
		answer := h.errors.answer(r.Context(), fault.New(latchkeyv1.Reason_REASON_INTERNAL))
		if begun.begun {
			// A partial response must not look complete.
			panic(http.ErrAbortHandler)
		}
		w.Header().Del("Content-Length")
		writeError(w, r, answer)
	}()
	h.next.ServeHTTP(begun, r)
}

// describePanic returns the message of a runtime error. Any other panic value may contain a secret.
func describePanic(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("a value of type %T", cause)
}

// begunWriter records whether the response has begun. After that, no other one can be written.
type begunWriter struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader begins the response.
func (w *begunWriter) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write begins the response.
func (w *begunWriter) Write(data []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(data)
}

// Flush implements http.Flusher, which connect asks for.
func (w *begunWriter) Flush() {
	w.begun = true
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController find the methods that streams need.
func (w *begunWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
