package rpc

import (
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// recovery ends one request, and not the process, when its handling panics: with the same "internal" that every defect
// answers, in the request's protocol. It stands around everything, since what panics may be a gate or a decoder, which no
// interceptor sees.
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
			// Half an answer must not look like a whole one.
			panic(http.ErrAbortHandler)
		}
		w.Header().Del("Content-Length")
		writeError(w, r, answer)
	}()
	h.next.ServeHTTP(begun, r)
}

// describePanic tells what the runtime says. Any other value is somebody's own, and may hold a secret.
func describePanic(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("a value of type %T", cause)
}

// begunWriter notes whether the answer has begun, after which no other one can be given.
type begunWriter struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader begins the answer.
func (w *begunWriter) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write begins the answer.
func (w *begunWriter) Write(data []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(data)
}

// Flush is what connect asks for by name.
func (w *begunWriter) Flush() {
	w.begun = true
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController find what streams need.
func (w *begunWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
