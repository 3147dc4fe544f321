package app

import (
	"net/http"
	"strconv"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// busyRetry is the Retry-After when a limit on requests in flight is reached. Most requests are answered sooner.
const busyRetry = time.Second

// refusalShare is the divisor of a limit for BUSY responses that the client does not read.
const refusalShare = 4

// inFlight limits the concurrent requests of each client network and in total. A request counts before its body is read, since a
// body that never ends costs the most.
type inFlight struct {
	requests *networkLimit
	// refusals limits the BUSY responses that clients do not read. They would hold as much memory as other responses.
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

// bound calls next for requests within the limits, and refuse for the others. If an HTTP/2 client does not read these responses,
// it gets the status alone.
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
			// HTTP/1 answers one request at a time on a connection, so the limit on connections is enough. The next request needs
			// a new connection, which is cheaper to refuse.
			if !worked {
				w.Header().Set("Connection", "close")
			}
			refuse(w, r)
			return
		}
		if held, ok = l.refusals.acquire(call.Client.IP); !ok {
			// Headers need no window.
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
	// An HTTP/2 client can close its window. The response then waits until it times out: in net/http, after the handler has
	// returned and its context was canceled. So a flush waits here instead. HTTP/1 does not need it, and would lose its
	// Content-Length.
	if r.ProtoMajor >= 2 {
		_ = http.NewResponseController(w).Flush()
	}
}

// refuseCall answers BUSY in the call's own protocol.
func refuseCall(w http.ResponseWriter, r *http.Request) {
	rpc.Refuse(w, r, fault.RetryAfter(latchkeyv1.Reason_REASON_BUSY, busyRetry))
}

// refusePage answers the same to a browser.
func refusePage(w http.ResponseWriter, _ *http.Request) {
	setRetryAfter(w)
	answer(w, http.StatusTooManyRequests, "the server is busy; try again shortly")
}

func setRetryAfter(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(int(busyRetry.Seconds())))
}
