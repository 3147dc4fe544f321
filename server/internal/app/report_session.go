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
	reportPath = "/sessions/disown"
	// shortPath is short because an SMS has little room. Users may type it in capitals.
	shortPath, shortPathTyped = "/d/", "/D/"
)

// maxReportForm bounds the body of the form. The form needs far less.
const maxReportForm = 4 << 10

// askToReport serves the link in a notice about a sign-in. It only asks for a confirmation: mail programs open links by
// themselves, and would end sessions that are the owner's own.
func (a *App) askToReport(w http.ResponseWriter, r *http.Request) {
	a.askWith(w, r, r.URL.Query().Get("secret"))
}

// askByShortLink serves the link in an SMS.
func (a *App) askByShortLink(w http.ResponseWriter, r *http.Request) {
	a.askWith(w, r, r.PathValue("secret"))
}

// askWith runs no SQL. It rejects a truncated secret, since the button could not do what it says.
func (a *App) askWith(w http.ResponseWriter, r *http.Request, link string) {
	if !a.Accounts.IsReportSecret(secret.NewText(link)) {
		a.reportPage(w, r, http.StatusNotFound, "broken")
		return
	}
	a.render(w, "report.html", map[string]any{
		"Locale": rpc.CallFrom(r.Context()).Locale, "Action": reportPath, "Secret": link, "State": "ask",
	})
}

// reportSession ends the session. It confirms this only if a session has ended: after a mistyped short link, the owner would
// otherwise believe that the attacker is signed out.
func (a *App) reportSession(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxReportForm)
	if err := r.ParseForm(); err != nil {
		answer(w, http.StatusBadRequest, "the form cannot be read")
		return
	}
	call, link := rpc.CallFrom(r.Context()), secret.NewText(r.PostForm.Get("secret"))
	if !a.Accounts.IsReportSecret(link) {
		a.reportPage(w, r, http.StatusNotFound, "broken")
		return
	}
	ended, err := a.Accounts.ReportSession(r.Context(), link, call.Client)
	var refusal *fault.Error
	switch {
	case errors.As(err, &refusal) && refusal.Reason == latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS:
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(refusal.RetryAfter.Seconds()))))
		a.reportPage(w, r, http.StatusTooManyRequests, "wait")
	case db.Unavailable(err):
		a.outage.Failed(r.Context(), call.Client.RequestID, err)
		answer(w, http.StatusServiceUnavailable, "that did not work; try again in a moment")
	case err != nil:
		a.pageErrors.ErrorContext(r.Context(), "report a session", "request", call.Client.RequestID, "error", err)
		answer(w, http.StatusServiceUnavailable, "that did not work; try again in a moment")
	case ended:
		a.reportPage(w, r, http.StatusOK, "done")
	default:
		a.reportPage(w, r, http.StatusOK, "nothing")
	}
}

// reportPage renders the outcome.
func (a *App) reportPage(w http.ResponseWriter, r *http.Request, status int, state string) {
	a.renderStatus(w, status, "report.html", map[string]any{"Locale": rpc.CallFrom(r.Context()).Locale, "State": state})
}

// reportLink returns the function that makes the links. Their origin is a setting and never taken from a request (OWASP Forgot
// Password Cheat Sheet).
func reportLink(publicURL string, reportLinks session.ReportLinks) notify.ReportLink {
	origin := strings.TrimSuffix(publicURL, "/")
	return func(of uuid.UUID, channel notify.Channel) secret.Text {
		if channel == notify.SMS {
			return secret.NewText(origin + shortPath + reportLinks.ShortSecret(id.Session(of)).Reveal())
		}
		return secret.NewText(origin + reportPath + "?secret=" + reportLinks.Secret(id.Session(of)).Reveal())
	}
}
