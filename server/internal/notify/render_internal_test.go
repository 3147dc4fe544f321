package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/korean"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func rendered(t *testing.T, channel Channel, locale string, left time.Duration) Message {
	t.Helper()
	message, err := renderCode(CodeMessage{
		Channel: channel, To: "somebody", Locale: locale, Code: secret.NewText("042917"), ExpiresAt: now.Add(left),
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	return message
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
				if !strings.Contains(strings.ReplaceAll(text, "042917", ""), minutes) {
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

// What is longer goes out as an MMS, or in two parts, and costs more.
func TestAnSMSFitsNinetyBytesOfEUCKR(t *testing.T) {
	t.Parallel()

	for _, locale := range []string{"ko", "en"} {
		text := rendered(t, SMS, locale, 10*time.Minute).Text.Reveal()
		encoded, err := korean.EUCKR.NewEncoder().String(text)
		if err != nil {
			t.Errorf("%s: %q is not of EUC-KR: %v", locale, text, err)
		}
		if len(encoded) > 90 {
			t.Errorf("%s: %q takes %d bytes", locale, text, len(encoded))
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
