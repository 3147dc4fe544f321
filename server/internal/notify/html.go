package notify

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// One page for every mail: the words are those of the text, so that the two parts never say different things.
var htmlMail = template.Must(template.New("mail.html").Option("missingkey=error").ParseFS(templateFiles, "templates/mail.html"))

// mailPage is what the page shows.
type mailPage struct {
	Korean  bool
	Subject string
	// Code stands alone and large below Title, in place of the line of the text that holds both: "Your code to sign in: 042917".
	Code  string
	Title string
	Lines []string
	// Link stands below as a button, in place of the line of the text that holds it.
	Link string
}

// addHTML gives a mail its second part. Whatever the words hold, they stay words in it.
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
		// What it says can hold the code.
		return fmt.Errorf("render the HTML of a mail: %T", err)
	}
	m.HTML = secret.NewText(html.String())
	return nil
}
