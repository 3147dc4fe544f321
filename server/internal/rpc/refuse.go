package rpc

import (
	"net/http"

	"connectrpc.com/connect"

	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// errorWriter writes an error in the protocol of a request.
var errorWriter = connect.NewErrorWriter()

// Refuse answers a call in its own protocol, before any of its message is read. It is for those who let calls in before
// the handler of New does.
func Refuse(w http.ResponseWriter, r *http.Request, refusal *fault.Error) {
	// The client has gone away when this fails.
	_ = errorWriter.Write(w, r, toAnswer(CallFrom(r.Context()), refusal))
}
