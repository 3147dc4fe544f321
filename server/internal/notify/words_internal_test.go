package notify

import (
	"slices"
	"strings"
	"testing"
	"text/template/parse"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/device"
)

// fieldsOf returns the fields that a template uses.
func fieldsOf(node parse.Node) (fields []string) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, child := range n.Nodes {
			fields = append(fields, fieldsOf(child)...)
		}
	case *parse.ActionNode:
		fields = fieldsOf(n.Pipe)
	case *parse.PipeNode:
		for _, command := range n.Cmds {
			for _, arg := range command.Args {
				fields = append(fields, fieldsOf(arg)...)
			}
		}
	case *parse.IfNode:
		fields = append(append(fieldsOf(n.Pipe), fieldsOf(n.List)...), fieldsOf(n.ElseList)...)
	case *parse.FieldNode:
		fields = []string{strings.Join(n.Ident, ".")}
	case *parse.TextNode, *parse.IdentifierNode, *parse.NumberNode:
	default:
		// What this test does not understand, it does not let pass.
		fields = []string{n.String()}
	}
	return fields
}

// A template prints a code, a number of minutes, a time, a link of ours, an IP address, and a name of package device. There is no
// field for a text that a caller has chosen: a name, a nickname, a user agent.
func TestIN07_NoTemplatePrintsWordsOfACaller(t *testing.T) {
	t.Parallel()

	ours := []string{"Code", "Minutes", "Time", "Link", "IP", "Device"}
	seen := map[string]bool{}
	for _, template := range templates.Templates() {
		if template.Tree == nil {
			continue
		}
		for _, field := range fieldsOf(template.Root) {
			seen[field] = true
			if !slices.Contains(ours, field) {
				t.Errorf("%s prints %q", template.Name(), field)
			}
		}
	}
	if len(seen) != len(ours) {
		t.Errorf("the templates print %v", seen)
	}
}

// hostile are texts that a client would like an owner to read as ours.
var hostile = []string{
	"www.evil-bank.example", "Chrome on www.evil-bank.example", "call 02-123-4567", "\u202ewww.evil-bank.example", "Windows\nwww.evil-bank.example",
	"fe80::1%www.evil-bank.example", "https://www.evil-bank.example",
}

// Jobs that wait while the server is updated were queued by the version before, which named a device by its client's first word.
func TestIN07_ANoticePrintsNoWordsOfAClientWhateverItsJobHolds(t *testing.T) {
	t.Parallel()

	for _, words := range hostile {
		for _, channel := range []Channel{Email, SMS, PushChannel} {
			for locale, unknown := range map[string]string{"en": "Unknown device", "ko": "알 수 없는 기기"} {
				message, err := renderNotice(Notice{
					Kind: SignedInElsewhere, Channel: channel, To: "somebody", Locale: locale,
					SignIn: &SignIn{Device: words, IP: words, At: time.Now()},
				}, linkOf(channel))
				if err != nil {
					t.Fatal(err)
				}
				for _, text := range []string{message.Subject.Reveal(), message.Text.Reveal(), message.HTML.Reveal()} {
					if strings.Contains(text, "evil") || strings.Contains(text, "02-123") {
						t.Errorf("by %s, %s: %q is printed:\n%s", channel, locale, words, text)
					}
				}
				if channel != SMS && !strings.Contains(message.Text.Reveal(), unknown) {
					t.Errorf("by %s, %s: %q does not say that the device is unknown", channel, locale, message.Text.Reveal())
				}
			}
		}
	}
}

// FuzzIN07 does the same with every text.
func FuzzIN07_ANoticePrintsNoWordsOfAClient(f *testing.F) {
	for _, words := range hostile {
		f.Add(words, words)
	}
	plain := Notice{Kind: SignedInElsewhere, Channel: Email, Locale: "en", SignIn: &SignIn{At: now}}
	want, err := renderNotice(plain, linkOf(Email))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name, ip string) {
		got, err := renderNotice(Notice{
			Kind: SignedInElsewhere, Channel: Email, Locale: "en", SignIn: &SignIn{Device: name, IP: ip, At: now},
		}, linkOf(Email))
		if err != nil {
			t.Fatal(err)
		}
		lines, wanted := strings.Split(got.Text.Reveal(), "\n"), strings.Split(want.Text.Reveal(), "\n")
		for i, line := range lines {
			if len(lines) == len(wanted) && line == wanted[i] {
				continue
			}
			// Beside the device and the address, nothing differs.
			if device.FromName(line).Name() != line && address(line) != line {
				t.Errorf("%q and %q make %q", name, ip, line)
			}
		}
	})
}
