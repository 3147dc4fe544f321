package notify

import (
	"fmt"
	"html"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/encoding/korean"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// rendered renders a code to sign in.
func rendered(t *testing.T, channel Channel, locale string, left time.Duration) Message {
	t.Helper()
	return renderedFor(t, verification.SignIn, channel, locale, left)
}

func isKorean(text string) bool { return strings.Contains(text, "인증번호") }

func TestMailsAreInTheLanguageOfTheirReader(t *testing.T) {
	t.Parallel()

	for locale, korean := range map[string]bool{"ko": true, "en": false, "": false, "fr": false, "../ko": false} {
		mail := rendered(t, Email, locale, 10*time.Minute)
		if isKorean(mail.Subject.Reveal()) != korean || isKorean(mail.Text.Reveal()) != korean {
			t.Errorf("%q: %s\n\n%s", locale, mail.Subject.Reveal(), mail.Text.Reveal())
		}
		if sms := rendered(t, SMS, locale, 10*time.Minute).Text.Reveal(); isKorean(sms) != korean {
			t.Errorf("%q: %s", locale, sms)
		}
	}
}

func TestAMessageHoldsItsCodeAndItsTime(t *testing.T) {
	t.Parallel()

	for _, channel := range []Channel{Email, SMS} {
		for _, locale := range []string{"ko", "en"} {
			for left, minutes := range map[time.Duration]string{
				10 * time.Minute: "10", 10*time.Minute - time.Millisecond: "10", 9 * time.Minute: "9", time.Second: "1",
			} {
				message := rendered(t, channel, locale, left)
				text := message.Text.Reveal()
				if strings.Count(text, "042917") != 1 || message.Code.Reveal() != "042917" || message.To != "somebody" {
					t.Errorf("%s, %s: %q to %q", channel, locale, text, message.To)
				}
				if !strings.Contains(strings.ReplaceAll(text, "042917", ""), minutes) || minutes == "1" && strings.Contains(text, "1 minutes") {
					t.Errorf("%s, %s, %v left: %q", channel, locale, left, text)
				}
			}
		}
	}
}

// A line break within a subject would begin another header.
func TestIN06_AMailHasASubjectOfOneLine(t *testing.T) {
	t.Parallel()

	for _, locale := range []string{"ko", "en"} {
		mail := rendered(t, Email, locale, 10*time.Minute)
		if mail.Subject.Reveal() == "" || strings.ContainsAny(mail.Subject.Reveal(), "\r\n") || strings.TrimSpace(mail.Subject.Reveal()) != mail.Subject.Reveal() {
			t.Errorf("%s: the subject is %q", locale, mail.Subject.Reveal())
		}
		if text := mail.Text.Reveal(); strings.HasPrefix(text, mail.Subject.Reveal()) || strings.TrimSpace(text) != text || text == "" {
			t.Errorf("%s: the text is %q", locale, text)
		}
		if sms := rendered(t, SMS, locale, 10*time.Minute); sms.Subject.Reveal() != "" || strings.Contains(sms.Text.Reveal(), "\n") {
			t.Errorf("%s: an SMS has subject %q and text %q", locale, sms.Subject.Reveal(), sms.Text.Reveal())
		}
	}
}

// What is longer goes out as an MMS, or in two parts, and costs more. Carriers put a mark in front of what comes from abroad
// or from the web.
func TestAnSMSFitsNinetyBytesOfEUCKR(t *testing.T) {
	t.Parallel()

	const mark = "[국제발신]\n"
	for _, locale := range []string{"ko", "en"} {
		texts := map[string]string{}
		for _, purpose := range constants(t, "../verification/verification.go", "Purpose") {
			texts["code to "+purpose] = renderedFor(t, verification.Purpose(purpose), SMS, locale, 10*time.Minute).Text.Reveal()
		}
		for _, kind := range notices(t) {
			message := renderedNotice(t, kind, SMS, locale)
			texts[string(kind)] = message.Text.Reveal()
		}
		for n := range 100 {
			texts[fmt.Sprintf("with a link of %d letters", n)] = newSignIn(t, SMS, locale, strings.Repeat("x", n)).Text.Reveal()
		}
		for name, text := range texts {
			encoded, err := korean.EUCKR.NewEncoder().String(mark + text)
			if err != nil {
				t.Errorf("%s, %s: %q is not of EUC-KR: %v", name, locale, text, err)
			}
			if len(encoded) > 90 {
				t.Errorf("%s, %s: %q takes %d bytes", name, locale, text, len(encoded))
			}
		}
	}
}

// notices are all kinds of notices.
func notices(t *testing.T) (kinds []NoticeKind) {
	t.Helper()
	for _, kind := range constants(t, "notice.go", "NoticeKind") {
		kinds = append(kinds, NoticeKind(kind))
	}
	return kinds
}

const (
	reportLink = "https://accounts.example.com/sessions/disown?secret=zqx"
	shortLink  = "https://accounts.example.com/d/abcdefghijklmnop"
)

// newSignIn renders the notice of one, with a link.
func newSignIn(t *testing.T, channel Channel, locale, link string) Message {
	t.Helper()
	message, err := renderNotice(Notice{
		Kind: SignedInElsewhere, Channel: channel, To: "somebody", Locale: locale,
		SignIn: &SignIn{Device: "Chrome on Windows", IP: "203.0.113.7", At: now},
	}, secret.NewText(link))
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// The words give way to the link: first the name of the service, then all that is not needed. Where even so there is no room,
// the SMS says what to do without it.
func TestAnSMSOfASignInHoldsTheLinkAsLongAsItFits(t *testing.T) {
	t.Parallel()

	// Of the 90 bytes, the carrier's mark takes 11, and the shortest words 15 and 13.
	for locale, longest := range map[string]int{"ko": 64, "en": 66} {
		var before string
		for n := len("https://a.co/d/abcdefghijklmnop"); n <= 90; n++ {
			link := "https://" + strings.Repeat("x", n-len("https:///d/abcdefghijklmnop")) + "/d/abcdefghijklmnop"
			message := newSignIn(t, SMS, locale, link)
			text := message.Text.Reveal()
			if strings.Contains(text, link) != (n <= longest) || message.Link.Empty() != (n > longest) {
				t.Errorf("%s, a link of %d bytes: %q", locale, n, text)
			}
			// No word is left out while there is room for it.
			if words := strings.Replace(text, link, "", 1); n > len("https://a.co/d/abcdefghijklmnop") && n <= longest && len(words) > len(before) {
				t.Errorf("%s, a link of %d bytes has more words than a shorter one: %q", locale, n, text)
			} else {
				before = words
			}
		}
		if text := newSignIn(t, SMS, locale, strings.Repeat("x", 80)).Text.Reveal(); !strings.HasPrefix(text, "[Latchkey] ") || isKorean(text) {
			t.Errorf("%s, without a link: %q", locale, text)
		}
	}
	for locale, want := range map[string]string{"ko": "새 기기 로그인. 본인 아니면 " + shortLink, "en": "New sign-in. Not you? " + shortLink} {
		if got := newSignIn(t, SMS, locale, shortLink).Text.Reveal(); got != want {
			t.Errorf("%s: %q, want %q", locale, got, want)
		}
	}
}

// A notice that a process of the version before has queued is about a session that no short link finds.
func TestAnSMSHasALinkOnlyWhereTheSessionIsFoundByIt(t *testing.T) {
	t.Parallel()

	w := &noticeWorker{link: func(uuid.UUID, Channel) secret.Text { return secret.NewText(shortLink) }}
	for _, c := range []struct {
		channel     Channel
		short, link bool
	}{{SMS, true, true}, {SMS, false, false}, {Email, false, true}, {Email, true, true}} {
		n := Notice{Kind: SignedInElsewhere, Channel: c.channel, Locale: "en", SignIn: &SignIn{At: now, Short: c.short}}
		message, err := renderNotice(n, w.linkOf(n))
		if err != nil {
			t.Fatal(err)
		}
		text := message.Text.Reveal()
		if strings.Contains(text, shortLink) != c.link || message.Link.Empty() == c.link {
			t.Errorf("%s, short is %t: %q", c.channel, c.short, text)
		}
		if !c.link && !strings.HasSuffix(text, "Change your password.") {
			t.Errorf("%s, short is %t: it does not say what to do: %q", c.channel, c.short, text)
		}
	}
}

// linkOf is the link that a notice of a sign-in has by a channel.
func linkOf(channel Channel) secret.Text {
	return secret.NewText(map[Channel]string{Email: reportLink, SMS: shortLink}[channel])
}

func renderedNotice(t *testing.T, kind NoticeKind, channel Channel, locale string) Message {
	t.Helper()
	n := Notice{Kind: kind, Channel: channel, To: "somebody", Locale: locale}
	var link secret.Text
	if kind == SignedInElsewhere {
		n.SignIn = &SignIn{Device: "Chrome on Windows", IP: "203.0.113.7", At: now}
		link = linkOf(channel)
	}
	message, err := renderNotice(n, link)
	if err != nil {
		t.Fatalf("%s by %s, %s: %v", kind, channel, locale, err)
	}
	return message
}

func TestEveryNoticeIsThereInBothLanguages(t *testing.T) {
	t.Parallel()

	for _, kind := range notices(t) {
		for _, channel := range []Channel{Email, SMS} {
			seen := map[string]bool{}
			for _, locale := range []string{"ko", "en"} {
				message := renderedNotice(t, kind, channel, locale)
				if message.Text.Empty() || message.To != "somebody" || seen[message.Text.Reveal()] {
					t.Errorf("%s by %s, %s: %q", kind, channel, locale, message.Text.Reveal())
				}
				if message.HTML.Empty() != (channel == SMS) || message.Subject.Empty() != (channel == SMS) {
					t.Errorf("%s by %s, %s: subject %q", kind, channel, locale, message.Subject.Reveal())
				}
				seen[message.Text.Reveal()] = true
			}
		}
	}
}

// Some readers see one part of a mail, and some the other.
func TestTheTwoPartsOfAMailSayTheSame(t *testing.T) {
	t.Parallel()

	for _, locale := range []string{"ko", "en"} {
		var mails []Message
		for _, purpose := range constants(t, "../verification/verification.go", "Purpose") {
			mails = append(mails, renderedFor(t, verification.Purpose(purpose), Email, locale, 10*time.Minute))
		}
		for _, kind := range notices(t) {
			mails = append(mails, renderedNotice(t, kind, Email, locale))
		}
		for _, mail := range mails {
			page := html.UnescapeString(mail.HTML.Reveal())
			if !strings.Contains(page, `<html lang="`+locale+`">`) {
				t.Errorf("%s: the page is in another language", locale)
			}
			if code := mail.Code.Reveal(); code != "" && !strings.Contains(page, ">"+code+"</span>") {
				t.Errorf("%s: the code does not stand alone", locale)
			}
			for line := range strings.Lines(mail.Text.Reveal()) {
				line = strings.TrimSpace(line)
				if code := mail.Code.Reveal(); code != "" {
					line = strings.TrimSuffix(line, ": "+code)
				}
				if !strings.Contains(page, line) {
					t.Errorf("%s: the page lacks %q", locale, line)
				}
			}
			if link := mail.Link.Reveal(); link != "" {
				if !strings.Contains(page, `href="`+link+`"`) || strings.Count(page, link) != 1 {
					t.Errorf("%s: the link is no button", locale)
				}
				page = strings.ReplaceAll(page, link, "")
			}
			// A page that fetches something tells the sender who reads it, and when.
			for _, text := range []string{"http:", "https:", "<img", "<script", "url(", "@import", "<link"} {
				if strings.Contains(page, text) {
					t.Errorf("%s: the page holds %s", locale, text)
				}
			}
		}
	}
}

func TestANoticeOfASignInTellsWhatItsOwnerWouldRecognise(t *testing.T) {
	t.Parallel()

	for _, channel := range []Channel{Email, PushChannel} {
		for locale, when := range map[string]string{"en": "1 March 2026, 09:00 UTC", "ko": "2026년 3월 1일 18:00 (한국 시간)"} {
			message := renderedNotice(t, SignedInElsewhere, channel, locale)
			for _, wanted := range []string{map[string]string{"en": "Chrome on Windows", "ko": "Windows의 Chrome"}[locale], when} {
				if !strings.Contains(message.Text.Reveal(), wanted) {
					t.Errorf("by %s, %s: %q does not tell %q", channel, locale, message.Text.Reveal(), wanted)
				}
			}
			// A notification is shown on locked screens.
			if strings.Contains(message.Text.Reveal(), reportLink) != (channel == Email) {
				t.Errorf("by %s, %s: %q", channel, locale, message.Text.Reveal())
			}
		}
	}
}

// No message holds a user's words today. Should one hold them tomorrow, they stay words.
func TestIN07_WordsStayWordsInHTML(t *testing.T) {
	t.Parallel()

	for _, words := range []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "</p></td></table><a href=//evil.example>click</a>",
		"{{.Code}}", "&lt;b&gt;", "javascript:alert(1)", "<!--", "<style>*{display:none}</style>",
	} {
		mail := Message{Channel: Email, Subject: secret.NewText(words), Text: secret.NewText("Hello " + words + ",\n\nwelcome.")}
		if err := mail.addHTML("en"); err != nil {
			t.Fatal(err)
		}
		plain := Message{Channel: Email, Subject: secret.NewText("x"), Text: secret.NewText("Hello x,\n\nwelcome.")}
		if err := plain.addHTML("en"); err != nil {
			t.Fatal(err)
		}
		page, want := mail.HTML.Reveal(), plain.HTML.Reveal()
		if strings.Count(page, "<") != strings.Count(want, "<") || strings.Count(page, ">") != strings.Count(want, ">") || strings.Count(page, `"`) != strings.Count(want, `"`) {
			t.Errorf("%q changes the page:\n%s", words, page)
		}
		if !strings.Contains(html.UnescapeString(page), words) {
			t.Errorf("%q cannot be read", words)
		}
	}
}

func TestLG01_AMessageDoesNotPrintItsCode(t *testing.T) {
	t.Parallel()

	for _, channel := range []Channel{Email, SMS} {
		message := rendered(t, channel, "en", 10*time.Minute)
		message.Subject = secret.Text{}
		if printed := fmt.Sprintf("%v %+v %#v %s", message, message, message, message); strings.Contains(printed, "042917") {
			t.Errorf("the code shows in %s", printed)
		}
	}
}
