package app

import (
	"net/http"
	"strconv"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// busyRetry is how long to wait when a limit on requests in flight is reached. Most requests are answered sooner.
const busyRetry = time.Second

// refusalShare is the part of a limit that may be taken by answers that say BUSY, and are not read.
const refusalShare = 4

// inFlight bounds the requests that are being answered at the same time, for each client network and in total. A request
// counts before any of its body is read, since a body that never ends is what costs the most.
type inFlight struct {
	requests *networkLimit
	// refusals bounds the answers that say BUSY: a client that does not read them would hold as much as with other answers.
	refusals *networkLimit
	// work is charged for each request.
	work *workBudget
}

func newInFlight(perNetwork, total int, work *workBudget) inFlight {
	share := 0
	if perNetwork > 0 {
		share = max(1, perNetwork/refusalShare)
	}
	return inFlight{
		requests: newNetworkLimit(perNetwork, total), refusals: newNetworkLimit(share, max(1, total/refusalShare)), work: work,
	}
}

// bound lets next answer what is within the limits, and refuse the rest. A client of HTTP/2 that does not read its refusals
// gets the status alone.
func (l inFlight) bound(next http.Handler, refuse http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := rpc.CallFrom(r.Context())
		worked := l.work.spend(networksOf(call.Client.IP), workRequest, workReserve)
		held, ok := holding{}, false
		if worked {
			held, ok = l.requests.acquire(call.Client.IP)
		}
		if ok {
			respond(next, held, w, r)
			return
		}
		call.Outcome = latchkeyv1.Reason_REASON_BUSY.String()
		if r.ProtoMajor < 2 {
			// One request at a time is answered on a connection, so that the limit on connections bounds these. The next one
			// needs a new connection, which is refused more cheaply.
			if !worked {
				w.Header().Set("Connection", "close")
			}
			refuse(w, r)
			return
		}
		if held, ok = l.refusals.acquire(call.Client.IP); !ok {
			// Headers do not wait for the window.
			setRetryAfter(w)
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		respond(refuse, held, w, r)
	})
}

// respond answers a request, which counts until it is answered.
func respond(handler http.Handler, held holding, w http.ResponseWriter, r *http.Request) {
	defer held.release()
	handler.ServeHTTP(w, r)
	// A client of HTTP/2 can close its window, and then the answer waits until it times out: in net/http, after the handler
	// has returned and its context was canceled. A flush waits here. HTTP/1 needs none, and it would cost the answer its
	// Content-Length.
	if r.ProtoMajor >= 2 {
		_ = http.NewResponseController(w).Flush()
	}
}

// refuseCall says BUSY in the call's own protocol.
func refuseCall(w http.ResponseWriter, r *http.Request) {
	rpc.Refuse(w, r, fault.RetryAfter(latchkeyv1.Reason_REASON_BUSY, busyRetry))
}

// refusePage says so to a browser.
func refusePage(w http.ResponseWriter, _ *http.Request) {
	setRetryAfter(w)
	answer(w, http.StatusTooManyRequests, "the server is busy; try again shortly")
}

func setRetryAfter(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(int(busyRetry.Seconds())))
}
