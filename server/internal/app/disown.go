package app

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

const (
	disownPath = "/sessions/disown"
	// shortPath is a byte of an SMS for each character. Who types it in capitals means it too.
	shortPath, shortPathTyped = "/d/", "/D/"
)

// disownLimit is far more than the form needs.
const disownLimit = 4 << 10

// askToDisown is where the link in a notice about a sign-in leads. It only asks: mail programs look at links by
// themselves, and would end sessions that are their owners'.
func (a *App) askToDisown(w http.ResponseWriter, r *http.Request) {
	a.askWith(w, r, r.URL.Query().Get("secret"))
}

// askByShortLink is where the link in an SMS leads.
func (a *App) askByShortLink(w http.ResponseWriter, r *http.Request) {
	a.askWith(w, r, r.PathValue("secret"))
}

// askWith looks nothing up. Of a secret that is cut short it says so: the button would promise what it does not do.
func (a *App) askWith(w http.ResponseWriter, r *http.Request, link string) {
	if !a.Accounts.CanDisown(secret.NewText(link)) {
		a.disownPage(w, r, http.StatusNotFound, "broken")
		return
	}
	a.render(w, "disown.html", map[string]any{
		"Locale": rpc.CallFrom(r.Context()).Locale, "Action": disownPath, "Secret": link, "State": "ask",
	})
}

// disown ends the session. It says that it has only where it has: a short link can be mistyped, and a thief would stay signed
// in behind the owner's back.
func (a *App) disown(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, disownLimit)
	if err := r.ParseForm(); err != nil {
		answer(w, http.StatusBadRequest, "the form cannot be read")
		return
	}
	call, link := rpc.CallFrom(r.Context()), secret.NewText(r.PostForm.Get("secret"))
	if !a.Accounts.CanDisown(link) {
		a.disownPage(w, r, http.StatusNotFound, "broken")
		return
	}
	ended, err := a.Accounts.DisownSession(r.Context(), link, call.Client)
	var refusal *fault.Error
	switch {
	case errors.As(err, &refusal) && refusal.Reason == latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS:
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(refusal.RetryAfter.Seconds()))))
		a.disownPage(w, r, http.StatusTooManyRequests, "wait")
	case db.Unavailable(err):
		a.outage.Failed(r.Context(), call.Client.RequestID, err)
		answer(w, http.StatusServiceUnavailable, "that did not work; try again in a moment")
	case err != nil:
		a.pageErrors.ErrorContext(r.Context(), "disown a session", "request", call.Client.RequestID, "error", err)
		answer(w, http.StatusServiceUnavailable, "that did not work; try again in a moment")
	case ended:
		a.disownPage(w, r, http.StatusOK, "done")
	default:
		a.disownPage(w, r, http.StatusOK, "nothing")
	}
}

// disownPage says how it went.
func (a *App) disownPage(w http.ResponseWriter, r *http.Request, status int, state string) {
	a.renderStatus(w, status, "disown.html", map[string]any{"Locale": rpc.CallFrom(r.Context()).Locale, "State": state})
}

// disownLink makes the links. The origin is a setting and never a request's (OWASP Forgot Password Cheat Sheet).
func disownLink(publicURL string, disowning session.Disowning) notify.DisownLink {
	origin := strings.TrimSuffix(publicURL, "/")
	return func(of uuid.UUID, channel notify.Channel) secret.Text {
		if channel == notify.SMS {
			return secret.NewText(origin + shortPath + disowning.ShortSecret(id.Session(of)).Reveal())
		}
		return secret.NewText(origin + disownPath + "?secret=" + disowning.Secret(id.Session(of)).Reveal())
	}
}
