package notify

import (
	"embed"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"text/template"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/device"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Each template is a file, named after message, channel and locale. The first line of a mail is its subject, and that of a
// notification its title; the second line is empty. Each line of an SMS is a complete text, and the first one that fits is sent.
//
//go:embed templates/*.txt templates/mail.html
var templateFiles embed.FS

var templates = template.Must(template.New("").Option("missingkey=error").ParseFS(templateFiles, "templates/*.txt"))

const fallbackLocale = "en"

func renderCode(code verification.Sendable, now time.Time) (Message, error) {
	message, err := render("code_"+string(code.Purpose), ChannelOf(code.Contact), code.Locale, map[string]any{
		"Code": code.Code.Reveal(),
		// Rounded up: at the first attempt, some milliseconds of the ten minutes are over.
		"Minutes": int(math.Ceil(code.ExpiresAt.Sub(now).Minutes())),
	})
	if err != nil {
		return Message{}, err
	}
	message.To, message.Code = code.Contact.Value, code.Code
	return message, message.addHTML(code.Locale)
}

func renderNotice(n Notice, link secret.Text) (Message, error) {
	var data map[string]any
	if n.SignIn != nil {
		data = map[string]any{
			// Jobs are stored, and a job of the previous version may hold text from a client.
			"Device": device.FromName(n.SignIn.Device).NameIn(n.Locale), "IP": address(n.SignIn.IP),
			"Time": moment(n.SignIn.At, n.Locale), "Link": link.Reveal(),
		}
	}
	message, err := render(string(n.Kind), n.Channel, n.Locale, data)
	if err != nil {
		return Message{}, err
	}
	message.To = n.To
	if !link.Empty() && strings.Contains(message.Text.Reveal(), link.Reveal()) {
		message.Link = link
	}
	return message, message.addHTML(n.Locale)
}

// render returns a rendered message without its recipient.
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
	switch channel {
	case SMS:
		body = firstThatFits(body)
	case Email, PushChannel:
		var subject string
		subject, body, _ = strings.Cut(body, "\n\n")
		message.Subject = secret.NewText(subject)
	}
	message.Text = secret.NewText(strings.TrimSpace(body))
	return message, nil
}

// address returns the text if it is an IP address, and nothing otherwise: a message must not print text from a client.
func address(text string) string {
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return ""
	}
	return ip.WithZone("").String()
}

// Korea has no daylight saving time, so no time zone database is needed.
var koreanTime = time.FixedZone("KST", 9*60*60)

// moment formats a time for the reader.
func moment(at time.Time, locale string) string {
	if locale == "ko" {
		return at.In(koreanTime).Format("2006년 1월 2일 15:04 (한국 시간)")
	}
	return at.UTC().Format("2 January 2006, 15:04 UTC")
}

func templateName(message string, channel Channel, locale string) string {
	return fmt.Sprintf("%s.%s.%s.txt", message, channel, locale)
}
