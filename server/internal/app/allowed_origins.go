package app

import (
	"context"
	"log/slog"
	"net/url"
	"slices"
	"sync"
)

// allowedOrigins are the origins of pages on other hosts that may call, with cookies and with tokens.
type allowedOrigins struct {
	// listed are compared letter by letter, as browsers spell them.
	listed []string
	// local lets in pages of any port on this machine: a developer's own, such as those of Vite and Next.js.
	local bool
	// log gets a line for each page that was refused, once; it may be nil.
	log *slog.Logger

	mu   sync.Mutex
	told map[string]bool
}

// maxTold bounds the origins that the log hears of: any page can make one up.
const maxTold = 100

func (o *allowedOrigins) allow(origin string) bool {
	return slices.Contains(o.listed, origin) || o.local && isLocalOrigin(origin)
}

// none reports whether no page on another host may call, or could.
func (o *allowedOrigins) none() bool { return len(o.listed) == 0 && !o.local && o.log == nil }

// isLocalOrigin reports whether a text is the origin of a page on this machine, as browsers spell it.
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

// refused tells the log of a page that may not call.
func (o *allowedOrigins) refused(ctx context.Context, origin string) {
	if o.log == nil || origin == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.told[origin] || len(o.told) >= maxTold {
		return
	}
	if o.told == nil {
		o.told = map[string]bool{}
	}
	o.told[origin] = true
	o.log.WarnContext(ctx, "a page was refused: add its origin to LATCHKEY_ALLOWED_ORIGINS if it is yours", "origin", origin)
}
