package app

import (
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// logged writes a log line for each request. The line never holds the query or the body, which users have typed, nor the secret
// in a path.
func (a *App) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Not the App's clock, which tests set and which follows the database's while a request is answered.
		watch := db.StartStopwatch()
		counted := &statusWriter{ResponseWriter: w}
		// Deferred, so that a request that ends in a panic is logged too.
		defer func() { a.logRequest(r, counted, watch.Elapsed()) }()
		next.ServeHTTP(counted, r)
	})
}

func (a *App) logRequest(r *http.Request, answered *statusWriter, took time.Duration) {
	call := rpc.CallFrom(r.Context())
	level := slog.LevelInfo
	if quiet(r.URL.Path) {
		level = slog.LevelDebug
	}
	attributes := []slog.Attr{
		slog.String("method", shortened(r.Method)),
		slog.String("path", shortened(loggedPath(r.URL.Path))),
		slog.Int("status", answered.statusOr200()),
		slog.Duration("took", took.Round(time.Microsecond)),
		slog.String("ip", call.Client.IP),
		slog.String("request", call.Client.RequestID),
	}
	if call.Outcome != "" {
		attributes = append(attributes, slog.String("outcome", call.Outcome))
	}
	a.requestLog.LogAttrs(r.Context(), level, "request", attributes...)
}

// loggedPath leaves out the secret of a short link, also if a router would clean the path first.
func loggedPath(asked string) string {
	if clean := path.Clean(asked); strings.HasPrefix(clean, shortPath) || strings.HasPrefix(clean, shortPathTyped) {
		return shortPath + "…"
	}
	return asked
}

// maxLogged is longer than every path of this server. A request can have a path of 32 KiB, which a log line need not repeat.
const maxLogged = 256

func shortened(text string) string {
	if len(text) > maxLogged {
		return text[:maxLogged] + "…"
	}
	return text
}

// quiet reports whether programs request a path over and over.
func quiet(path string) bool {
	return path == healthPath || path == readyPath || path == outboxPath
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader records the status.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find the methods that streams need.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush implements http.Flusher, which connect asks for.
func (w *statusWriter) Flush() {
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

func (w *statusWriter) statusOr200() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
