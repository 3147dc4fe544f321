package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// connectErrors adds our error detail to the errors that connect writes itself, before any interceptor runs: for a wrong HTTP
// method or content type, a message over its limit, a bad protocol header. They keep their HTTP status. gRPC reports such errors
// in its own way, and keeps it.
type connectErrors struct {
	next    http.Handler
	errors  errorMapper
	methods methodTable
}

// drainLimit is how much of an oversized message is read and discarded, so that the client can read the response. Beyond it, the
// connection is closed.
const drainLimit = 4 << 20

// repeated are the headers that connect quotes in its errors if it does not understand them. Escaping would make the response
// four times as long as the header.
var repeated = []string{
	"Content-Encoding", "Connect-Content-Encoding", "Connect-Protocol-Version", "Connect-Timeout-Ms", "Grpc-Encoding", "Grpc-Timeout",
}

// maxRepeated is several times the length of valid values: the name of a compression, or at most eleven digits.
const maxRepeated = 64

func repeatsTooMuch(header http.Header) bool {
	return slices.ContainsFunc(repeated, func(name string) bool { return len(header.Get(name)) > maxRepeated })
}

// ServeHTTP answers a call.
func (h connectErrors) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if repeatsTooMuch(r.Header) {
		writeError(w, r, h.errors.answer(r.Context(), fault.Invalid(notConnect)))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, drainLimit)
	// The escaped path: a path that must be decoded first is not ours, even if a router would accept it.
	_, known := h.methods[r.URL.EscapedPath()]
	if speaksGRPC(r) {
		if !known {
			writeError(w, r, h.errors.answer(r.Context(), fault.New(latchkeyv1.Reason_REASON_UNIMPLEMENTED)))
			return
		}
		h.next.ServeHTTP(w, r)
		return
	}
	if !known {
		h.write(w, r, http.StatusNotFound, fault.New(latchkeyv1.Reason_REASON_NOT_FOUND))
		return
	}
	held := &heldError{ResponseWriter: w}
	h.next.ServeHTTP(held, r)
	if held.status == 0 {
		return
	}
	found := held.read()
	if len(found.Details) > 0 {
		w.WriteHeader(held.status)
		_, _ = w.Write(held.body.Bytes())
		return
	}
	if found.Code == connect.CodeInternal.String() {
		// Not an error of the caller: a response that cannot be encoded.
		h.write(w, r, http.StatusInternalServerError, errors.New(found.Message))
		return
	}
	status, violation := held.explain(r)
	h.write(w, r, status, fault.Invalid(violation))
}

// speaksGRPC reports whether the client understands the errors of gRPC.
func speaksGRPC(r *http.Request) bool {
	contentType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	switch contentType {
	case "application/grpc", "application/grpc+proto", "application/grpc+json",
		"application/grpc-web", "application/grpc-web+proto", "application/grpc-web+json":
		return r.Method == http.MethodPost
	default:
		return false
	}
}

func (h connectErrors) write(w http.ResponseWriter, r *http.Request, status int, err error) {
	answer := h.errors.answer(r.Context(), err)
	// Set by connect for its own body.
	w.Header().Del("Content-Length")
	// Always in JSON, since the request's Content-Type may be what is refused.
	_ = errorWriter.Write(withStatus{w, status}, &http.Request{}, answer)
}

// withStatus keeps the HTTP status of an error: connect does not use 405, 413 and 415.
type withStatus struct {
	http.ResponseWriter
	status int
}

// WriteHeader writes the status of the error.
func (w withStatus) WriteHeader(int) { w.ResponseWriter.WriteHeader(w.status) }

// heldError passes responses through, and buffers errors until it is known whether they have a detail.
type heldError struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader buffers an error.
func (w *heldError) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		w.status = status
		return
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write buffers the body of an error.
func (w *heldError) Write(data []byte) (int, error) {
	if w.status != 0 {
		return w.body.Write(data)
	}
	return w.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController find the methods that streams need.
func (w *heldError) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush implements http.Flusher, which connect asks for before it begins a stream.
func (w *heldError) Flush() {
	if w.status == 0 {
		_ = http.NewResponseController(w.ResponseWriter).Flush()
	}
}

// written is an error that connect has written. Every error that came through errorMapper has a detail.
type written struct {
	Code    string            `json:"code"`
	Message string            `json:"message"`
	Details []json.RawMessage `json:"details"`
}

func (w *heldError) read() written {
	var found written
	// An error without a body has only its status.
	_ = json.Unmarshal(w.body.Bytes(), &found)
	return found
}

// Violations of a request as a whole.
var (
	tooLarge   = fault.Violation{Rule: "request.max_bytes", Message: "Send at most 64 KiB."}
	notConnect = fault.Violation{
		Rule: "request.protocol", Message: "The body was cut off, or the headers or the query do not follow the protocol.",
	}
)

func (w *heldError) explain(r *http.Request) (status int, v fault.Violation) {
	byGET := fault.Violation{
		Rule: "request.query", Message: "Add ?encoding=json&message={} to the address, or send the call with POST.",
	}
	switch w.status {
	case http.StatusMethodNotAllowed:
		return w.status, fault.Violation{Rule: "request.method", Message: "Send this with POST."}
	case http.StatusUnsupportedMediaType:
		if r.Method == http.MethodGet {
			return w.status, byGET
		}
		return w.status, fault.Violation{
			Rule: "request.content_type", Message: "Send a body of Content-Type application/json or application/proto.",
		}
	case http.StatusNotImplemented:
		// Of the errors that connect writes itself, this is a compressed message.
		return http.StatusUnsupportedMediaType, fault.Violation{
			Rule: "request.content_encoding", Message: "Send the message without compression.",
		}
	case http.StatusTooManyRequests:
		return http.StatusRequestEntityTooLarge, tooLarge
	default:
		return http.StatusBadRequest, notConnect
	}
}
