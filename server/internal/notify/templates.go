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
//go:embed templates/*.txt
var templateFiles embed.FS

var templates = template.Must(template.New("").Option("missingkey=error").ParseFS(templateFiles, "templates/*.txt"))

const fallbackLocale = "en"

func renderCode(m CodeMessage, now time.Time) (Message, error) {
	locale := m.Locale
	if templates.Lookup(templateName("code", m.Channel, locale)) == nil {
		locale = fallbackLocale
	}
	var text strings.Builder
	err := templates.ExecuteTemplate(&text, templateName("code", m.Channel, locale), map[string]any{
		"Code": m.Code.Reveal(),
		// Rounded up: at the first try, some milliseconds of the ten minutes are gone.
		"Minutes": int(math.Ceil(m.ExpiresAt.Sub(now).Minutes())),
	})
	if err != nil {
		return Message{}, fmt.Errorf("render the code message: %w", err)
	}
	message := Message{Channel: m.Channel, To: m.To, Code: m.Code}
	body := text.String()
	if m.Channel == Email {
		message.Subject, body, _ = strings.Cut(body, "\n\n")
	}
	message.Text = secret.NewText(strings.TrimSpace(body))
	return message, nil
}

func templateName(message string, channel Channel, locale string) string {
	return fmt.Sprintf("%s.%s.%s.txt", message, channel, locale)
}
