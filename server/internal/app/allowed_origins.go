package app

import (
	"context"
	"log/slog"
	"net/url"
	"slices"
	"sync"
)

// allowedOrigins are the origins on other hosts whose pages may call, with cookies and with tokens.
type allowedOrigins struct {
	// listed are compared byte by byte, as browsers write them.
	listed []string
	// local allows pages of any port on this machine, such as the development servers of Vite and Next.js.
	local bool
	// log gets one line for each refused origin; it may be nil.
	log *slog.Logger

	mu     sync.Mutex
	logged map[string]bool
}

// maxLoggedOrigins bounds the origins that are logged: any page can make one up.
const maxLoggedOrigins = 100

func (o *allowedOrigins) allow(origin string) bool {
	return slices.Contains(o.listed, origin) || o.local && isLocalOrigin(origin)
}

// none reports whether no page on another host can be allowed.
func (o *allowedOrigins) none() bool { return len(o.listed) == 0 && !o.local && o.log == nil }

// isLocalOrigin reports whether a text is the origin of a page on this machine, as browsers write it.
func isLocalOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || origin != u.Scheme+"://"+u.Host {
		return false
	}
	switch u.Hostname() {
	case "localhost", "127.0.0.1", "::1":
		return true
	default:
		return false
	}
}

// refused logs an origin whose pages may not call.
func (o *allowedOrigins) refused(ctx context.Context, origin string) {
	if o.log == nil || origin == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.logged[origin] || len(o.logged) >= maxLoggedOrigins {
		return
	}
	if o.logged == nil {
		o.logged = map[string]bool{}
	}
	o.logged[origin] = true
	o.log.WarnContext(ctx, "a page was refused: add its origin to LATCHKEY_ALLOWED_ORIGINS if it is yours", "origin", origin)
}
