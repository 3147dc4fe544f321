package app

import (
	"embed"
	"html/template"
	"net/http"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/version"
)

//go:embed pages
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// pages serves what browsers see: the frontend, or a page about the server if the frontend was not built; the outbox; and the
// targets of links in messages.
func (a *App) pages(mux *http.ServeMux) {
	if a.frontend != nil {
		mux.Handle("GET /", a.frontend)
	} else {
		mux.HandleFunc("GET /{$}", a.index)
	}
	mux.HandleFunc("GET /page.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, pageFiles, "pages/page.css")
	})
	mux.HandleFunc("GET "+reportPath, a.askToReport)
	mux.HandleFunc("POST "+reportPath, a.reportSession)
	mux.HandleFunc("GET "+shortPath+"{secret}", a.askByShortLink)
	mux.HandleFunc("GET "+shortPathTyped+"{secret}", a.askByShortLink)
	if a.cfg.ShowOutbox {
		mux.HandleFunc("GET "+outboxPath, a.outbox)
	}
}

func (a *App) index(w http.ResponseWriter, _ *http.Request) {
	a.render(w, "index.html", map[string]any{
		"PublicURL": strings.TrimSuffix(a.cfg.PublicURL, "/"),
		"Version":   version.String(),
		"Outbox":    a.outboxPath(),
	})
}

func (a *App) render(w http.ResponseWriter, name string, data any) {
	a.renderStatus(w, http.StatusOK, name, data)
}

func (a *App) renderStatus(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := pages.ExecuteTemplate(w, name, data); err != nil {
		a.pageErrors.Error("render a page", "page", name, "error", err)
	}
}
