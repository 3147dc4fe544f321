package app

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

const outboxPath = "/dev/outbox"

// maxContact is longer than every address and number: an address has at most 254 characters (RFC 5321 section 4.5.3.1.3).
const maxContact = 1_024

// outboxPath returns the path of the outbox; empty if it is not shown.
func (a *App) outboxPath() string {
	if a.cfg.ShowOutbox {
		return outboxPath
	}
	return ""
}

// outboxMessage is a message as /dev/outbox shows it.
type outboxMessage struct {
	ID      string    `json:"id"`
	Channel string    `json:"channel"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	Code    string    `json:"code"`
	Link    string    `json:"link"`
	SentAt  time.Time `json:"sentAt"`
}

// outbox shows the messages that `latchkey dev` keeps instead of sending, newest first: as JSON for Accept: application/json,
// else as a page. With ?to=, it shows those to one address or number, in any spelling.
func (a *App) outbox(w http.ResponseWriter, r *http.Request) {
	if !a.isLocal(r.Host) {
		answer(w, http.StatusForbidden, "the outbox is shown under localhost and "+a.cfg.PublicURL+" only")
		return
	}
	to := r.URL.Query().Get("to")
	if len(to) > maxContact {
		answer(w, http.StatusBadRequest, "no address or number is as long as that")
		return
	}
	kept, _ := a.Outbox.List(a.canonical(to))
	messages := make([]outboxMessage, len(kept))
	for i, m := range kept {
		messages[i] = show(m)
	}
	w.Header().Add("Vary", "Accept")
	if !strings.Contains(r.Header.Get("Accept"), "application/json") {
		a.render(w, "outbox.html", map[string]any{"Messages": messages, "To": to})
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(messages)
}

func show(m notify.Kept) outboxMessage {
	return outboxMessage{
		ID:      m.ID,
		Channel: string(m.Channel),
		To:      m.To,
		Subject: m.Subject.Reveal(),
		Text:    m.Text.Reveal(),
		Code:    m.Code.Reveal(),
		Link:    m.Link.Reveal(),
		SentAt:  m.SentAt,
	}
}

// isLocal refuses host names that are not ours. The outbox contains codes, and any page in a developer's browser can make its own
// name resolve to this machine (DNS rebinding). The Host header then has that name.
func (a *App) isLocal(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	switch name {
	case "localhost", "127.0.0.1", "::1", "[::1]":
		return true
	}
	public, err := url.Parse(a.cfg.PublicURL)
	return err == nil && host == public.Host
}

// canonical returns the spelling under which messages are kept.
func (a *App) canonical(to string) string {
	if email, err := contact.ParseEmail(to); err == nil {
		return email.String()
	}
	if phone, err := contact.ParsePhone(to, a.cfg.Settings.Accounts.PhoneRegion); err == nil {
		return phone.String()
	}
	return to
}
