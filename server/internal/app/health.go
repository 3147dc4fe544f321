package app

import (
	"context"
	"io"
	"net/http"
	"time"
)

// health tells that the process answers.
func (a *App) health(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, "ok")
}

// readyTimeout is shorter than what a load balancer waits.
const readyTimeout = 2 * time.Second

// ready tells whether calls should be sent here: the database answers, and the server is not stopping.
func (a *App) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	switch {
	case a.draining.Load():
		answer(w, http.StatusServiceUnavailable, "stopping")
	case a.cfg.DB.Ping(ctx) != nil:
		answer(w, http.StatusServiceUnavailable, "database unavailable")
	default:
		answer(w, http.StatusOK, "ready")
	}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
