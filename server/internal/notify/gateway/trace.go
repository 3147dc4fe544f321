package gateway

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// Trace records whether the transport has started to send a request. From then on the provider may have received it, even if the
// call fails.
type Trace struct{ started atomic.Bool }

// WithTrace returns a context that traces the request made with it.
func WithTrace(ctx context.Context) (context.Context, *Trace) {
	t := &Trace{}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// The transport uses another connection only if it has sent nothing on the one before.
		GetConn:      func(string) { t.started.Store(false) },
		WroteHeaders: func() { t.started.Store(true) },
	}), t
}

// Started reports whether the transport has started to send the request.
func (t *Trace) Started() bool { return t.started.Load() }
