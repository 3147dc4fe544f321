package notify

import (
	"embed"
	"fmt"
	"math"
	"strings"
	"text/template"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Each template stands in a file of its own, named after message, channel and locale. The first line of a mail is its
// subject, and the second is empty.
//
//go:embed templates/*.txt templates/mail.html
var templateFiles embed.FS

var templates = template.Must(template.New("").Option("missingkey=error").ParseFS(templateFiles, "templates/*.txt"))

const fallbackLocale = "en"

func renderCode(m CodeMessage, now time.Time) (Message, error) {
	message, err := render("code", m.Channel, m.Locale, map[string]any{
		"Code": m.Code.Reveal(),
		// Rounded up: at the first try, some milliseconds of the ten minutes are gone.
		"Minutes": int(math.Ceil(m.ExpiresAt.Sub(now).Minutes())),
	})
	if err != nil {
		return Message{}, err
	}
	message.To, message.Code = m.To, m.Code
	return message, message.addHTML(m.Locale)
}

func renderNotice(n Notice) (Message, error) {
	message, err := render(string(n.Kind), n.Channel, n.Locale, nil)
	if err != nil {
		return Message{}, err
	}
	message.To = n.To
	return message, message.addHTML(n.Locale)
}

// render gives a message in its words, without its recipient.
func render(name string, channel Channel, locale string, data any) (Message, error) {
	template := templates.Lookup(templateName(name, channel, locale))
	if template == nil {
		template = templates.Lookup(templateName(name, channel, fallbackLocale))
	}
	if template == nil {
		return Message{}, fmt.Errorf("there is no template for %s by %s", name, channel)
	}
	var text strings.Builder
	if err := template.Execute(&text, data); err != nil {
		return Message{}, fmt.Errorf("render %s: %w", name, err)
	}
	message := Message{Channel: channel}
	body := text.String()
	if channel == Email {
		var subject string
		subject, body, _ = strings.Cut(body, "\n\n")
		message.Subject = secret.NewText(subject)
	}
	message.Text = secret.NewText(strings.TrimSpace(body))
	return message, nil
}

func templateName(message string, channel Channel, locale string) string {
	return fmt.Sprintf("%s.%s.%s.txt", message, channel, locale)
}
