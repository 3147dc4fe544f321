package notify

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// One page for all mails. Its text is that of the plain part, so that the two parts never differ.
var htmlMail = template.Must(template.New("mail.html").Option("missingkey=error").ParseFS(templateFiles, "templates/mail.html"))

// mailPage is the data of the page.
type mailPage struct {
	Korean  bool
	Subject string
	// Code is shown large below Title. It replaces the line of the text with both: "Your code to sign in: 042917".
	Code  string
	Title string
	Lines []string
	// Link is shown as a button. It replaces the line of the text that contains it.
	Link string
}

// addHTML adds the HTML part to a mail. The template escapes all text.
func (m *Message) addHTML(locale string) error {
	if m.Channel != Email {
		return nil
	}
	page := mailPage{Korean: locale == "ko", Subject: m.Subject.Reveal(), Code: m.Code.Reveal(), Link: m.Link.Reveal()}
	for line := range strings.Lines(m.Text.Reveal()) {
		line = strings.TrimSpace(line)
		title, hasCode := strings.CutSuffix(line, page.Code)
		switch {
		case line == "", page.Link != "" && line == page.Link:
		case page.Code != "" && hasCode:
			page.Title = strings.TrimRight(title, ": ")
		default:
			page.Lines = append(page.Lines, line)
		}
	}
	var html strings.Builder
	if err := htmlMail.Execute(&html, page); err != nil {
		// The error's text can contain the code.
		return fmt.Errorf("render the HTML of a mail: %T", err)
	}
	m.HTML = secret.NewText(html.String())
	return nil
}
