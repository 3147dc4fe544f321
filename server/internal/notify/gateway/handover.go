package gateway

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// Handover watches whether a request has begun to go out. From then on the provider may have got it, whatever comes of the
// call.
type Handover struct{ begun atomic.Bool }

// Watch returns a context whose request is watched.
func Watch(ctx context.Context) (context.Context, *Handover) {
	h := &Handover{}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// The transport takes another connection only if nothing went out on the one before.
		GetConn:      func(string) { h.begun.Store(false) },
		WroteHeaders: func() { h.begun.Store(true) },
	}), h
}

// Begun reports whether the request has begun to go out.
func (h *Handover) Begun() bool { return h.begun.Load() }
