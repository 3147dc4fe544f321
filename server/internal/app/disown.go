package app

import (
	"net/http"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const disownPath = "/sessions/disown"

// disownLimit is far more than the form needs.
const disownLimit = 4 << 10

// askToDisown is where the link in a notice about a sign-in leads. It only asks: mail programs look at links by
// themselves, and would end sessions that are their owners'.
func (a *App) askToDisown(w http.ResponseWriter, r *http.Request) {
	a.render(w, "disown.html", map[string]any{
		"Locale": rpc.CallFrom(r.Context()).Locale, "Action": disownPath, "Secret": r.URL.Query().Get("secret"), "Done": false,
	})
}

// disown ends the session. It answers alike for a link that was used before: either way the session is over.
func (a *App) disown(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, disownLimit)
	if err := r.ParseForm(); err != nil {
		answer(w, http.StatusBadRequest, "the form cannot be read")
		return
	}
	call := rpc.CallFrom(r.Context())
	if _, err := a.accounts.DisownSession(r.Context(), secret.NewText(r.PostForm.Get("secret")), call.Client); err != nil {
		a.cfg.Log.ErrorContext(r.Context(), "disown a session", "request", call.RequestID, "error", err)
		answer(w, http.StatusServiceUnavailable, "that did not work; try again in a moment")
		return
	}
	a.render(w, "disown.html", map[string]any{"Locale": call.Locale, "Done": true})
}

// disownLink makes the link. The origin is a setting and never a request's (OWASP Forgot Password Cheat Sheet).
func disownLink(publicURL string, link secret.Text) secret.Text {
	return secret.NewText(strings.TrimSuffix(publicURL, "/") + disownPath + "?secret=" + link.Reveal())
}
