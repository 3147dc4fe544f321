// Package device gives devices the names by which their owners know them: "Chrome on Windows", "KakaoTalk on iPhone".
package device

import (
	"strings"

	"github.com/mileusna/useragent"
)

// maxName is longer than any name that is made of known parts.
const maxName = 64

// Name reads a user agent. What it does not know, it calls by the agent's first word; nothing at all is an "Unknown device".
// A user agent is the client's own claim: the name is for its owner to recognise it by, and lets nobody in. It is at most
// 64 bytes of printable ASCII.
func Name(userAgent string) string {
	agent := useragent.Parse(userAgent)
	program, system := program(userAgent, agent), system(agent)
	switch {
	case program != "" && system != "":
		return program + " on " + system
	case program+system != "":
		return program + system
	default:
		return "Unknown device"
	}
}

// Apps of Korea open pages in a browser of their own, which says so at its end.
var inApp = []struct{ mark, name string }{
	{"KAKAOTALK", "KakaoTalk"},
	{"NAVER(inapp", "NAVER"},
	{"Whale/", "Whale"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"Line/", "LINE"},
	{"Instagram", "Instagram"},
	{"FBAN/", "Facebook"},
}

func program(userAgent string, agent useragent.UserAgent) string {
	for _, app := range inApp {
		if strings.Contains(userAgent, app.mark) {
			return app.name
		}
	}
	name := agent.Name
	if name == "" || agent.OS == "" {
		// A program: curl/8.5.0, connect-go/1.19 (go1.26).
		name, _, _ = strings.Cut(strings.TrimSpace(userAgent), " ")
		name, _, _ = strings.Cut(name, "/")
	}
	return printable(name)
}

func system(agent useragent.UserAgent) string {
	switch {
	case agent.Device == "iPhone" || agent.Device == "iPad":
		return agent.Device
	case agent.OS == useragent.MacOS:
		return "Mac"
	case agent.OS == useragent.Android && agent.Device != "":
		return printable(agent.Device)
	default:
		return printable(agent.OS)
	}
}

// printable drops what could be mistaken for something else in a mail or on a page.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, text)
	if len(text) > maxName/2-len(" on ") {
		text = text[:maxName/2-len(" on ")]
	}
	return strings.TrimSpace(text)
}
