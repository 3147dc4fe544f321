package rpc

import (
	"net/http"
	"strings"

	"connectrpc.com/connect"

	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// errorWriter writes an error in the protocol of a request.
var errorWriter = connect.NewErrorWriter()

// Refuse writes an error in the call's own protocol, before any of its message is read. It is for callers that refuse a call
// before the handler of New gets it.
func Refuse(w http.ResponseWriter, r *http.Request, refusal *fault.Error) {
	writeError(w, r, toAnswer(CallFrom(r.Context()), refusal))
}

// writeError writes an error in the protocol of a request. connect repeats the request's content type, so a long one loses its
// parameters, and is answered in JSON if it is long without them.
func writeError(w http.ResponseWriter, r *http.Request, err error) {
	if contentType := r.Header.Get("Content-Type"); len(contentType) > maxRepeated {
		known, _, _ := strings.Cut(contentType, ";")
		r = &http.Request{Method: r.Method, Header: http.Header{}}
		if len(known) <= maxRepeated {
			r.Header.Set("Content-Type", known)
		}
	}
	// This fails if the client has disconnected.
	_ = errorWriter.Write(w, r, err)
}
