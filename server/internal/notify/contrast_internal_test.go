package notify

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// style is what an element says of its colours, in hexadecimal; empty where it says nothing.
type style struct{ color, background string }

var (
	colors      = regexp.MustCompile(`(?:^|[;{\s])color:\s*#([0-9a-f]{6})`)
	backgrounds = regexp.MustCompile(`(?:^|[;{\s])background:\s*#([0-9a-f]{6})`)
	darkRules   = regexp.MustCompile(`(?s)prefers-color-scheme: dark\) \{(.*?)\n\}`)
	rule        = regexp.MustCompile(`(?m)^\s*([^{}]+?)\s*\{([^}]*)\}`)
)

func styleOf(css string) (s style) {
	if found := colors.FindStringSubmatch(css); found != nil {
		s.color = found[1]
	}
	if found := backgrounds.FindStringSubmatch(css); found != nil {
		s.background = found[1]
	}
	return s
}

func (s style) over(below style) style {
	if s.color == "" {
		s.color = below.color
	}
	if s.background == "" {
		s.background = below.background
	}
	return s
}

// darkStyles reads the rules for the dark scheme by their classes.
func darkStyles(t *testing.T, page string) map[string]style {
	t.Helper()
	block := darkRules.FindStringSubmatch(page)
	if block == nil {
		t.Fatal("there are no rules for the dark scheme")
	}
	styles := map[string]style{}
	for _, found := range rule.FindAllStringSubmatch(block[1], -1) {
		for class := range strings.SplitSeq(found[1], ",") {
			class = strings.TrimPrefix(strings.TrimSpace(class), ".")
			styles[class] = styleOf(found[2]).over(styles[class])
		}
	}
	return styles
}

// pairs walks over a page and calls see with the colours of each text.
func pairs(node *html.Node, inherited style, dark map[string]style, see func(text string, s style)) {
	if node.Type == html.ElementNode {
		if node.Data == "head" {
			return
		}
		var inline, class string
		for _, attribute := range node.Attr {
			switch attribute.Key {
			case "style":
				inline = attribute.Val
			case "class":
				class = attribute.Val
			}
		}
		inherited = dark[class].over(styleOf(inline)).over(inherited)
	}
	if text := strings.TrimSpace(node.Data); node.Type == html.TextNode && text != "" {
		see(text, inherited)
	}
	for child := range node.ChildNodes() {
		pairs(child, inherited, dark, see)
	}
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, color string) float64 {
	t.Helper()
	var l float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		value, err := strconv.ParseUint(color[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatalf("%q is no colour: %v", color, err)
		}
		channel := float64(value) / 255
		if channel <= 0.04045 {
			channel /= 12.92
		} else {
			channel = math.Pow((channel+0.055)/1.055, 2.4)
		}
		l += weight * channel
	}
	return l
}

func contrast(t *testing.T, s style) float64 {
	t.Helper()
	a, b := luminance(t, s.color), luminance(t, s.background)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// Every text of a mail can be read in the light and in the dark scheme: WCAG 2.2 success criterion 1.4.3 wants 4.5 to 1.
func TestMailsHaveEnoughContrast(t *testing.T) {
	t.Parallel()

	pages := map[string]Message{"code": renderedFor(t, verification.SignIn, Email, "en", 0), "notice": newSignIn(t, Email, "ko", reportLink)}
	both := Message{
		Channel: Email, Subject: secret.NewText("both"), Code: secret.NewText("042917"), Link: secret.NewText(reportLink),
		Text: secret.NewText("Your code: 042917\n\nwords\n" + reportLink),
	}
	if err := both.addHTML("en"); err != nil {
		t.Fatal(err)
	}
	pages["both"] = both
	for name, message := range pages {
		page := message.HTML.Reveal()
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		for scheme, dark := range map[string]map[string]style{"light": nil, "dark": darkStyles(t, page)} {
			texts := 0
			pairs(root, style{}, dark, func(text string, s style) {
				texts++
				if s.color == "" || s.background == "" {
					t.Errorf("%s, %s: %q has no colours: %+v", name, scheme, text, s)
				} else if got := contrast(t, s); got < 4.5 {
					t.Errorf("%s, %s: %q is #%s on #%s, which is %.2f to 1", name, scheme, text, s.color, s.background, got)
				}
			})
			if texts < 4 {
				t.Errorf("%s, %s: only %d texts were looked at", name, scheme, texts)
			}
		}
	}
}
