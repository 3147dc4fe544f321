package device

import (
	"regexp"
	"slices"
	"strings"

	"github.com/mileusna/useragent"
)

// The systems, by the names that users know.
const (
	android      = "Android"
	iPhone       = "iPhone"
	iPad         = "iPad"
	windowsPhone = "Windows Phone"
	apple        = "Apple device"
)

var systems = map[string]string{
	useragent.Windows:      "Windows",
	useragent.WindowsPhone: windowsPhone,
	useragent.MacOS:        "Mac",
	useragent.Linux:        "Linux",
	useragent.FreeBSD:      "FreeBSD",
	useragent.ChromeOS:     "ChromeOS",
	useragent.Android:      android,
	useragent.Harmony:      "HarmonyOS",
}

// systemNames includes the systems that the parser does not return directly.
var systemNames = []string{"Windows", windowsPhone, "Mac", "Linux", "FreeBSD", "ChromeOS", android, "HarmonyOS", iPhone, iPad, apple}

// model matches the models that Korean owners know by their code: Samsung's (SM-S918N), LG's (LM-V500N) and Google's (Pixel 7a).
// The pattern leaves no room for words or numbers of a client.
var model = regexp.MustCompile(`^(SM-[A-Z][0-9]{3}[A-Z]{0,2}[0-9]?|LM-[A-Z][0-9]{3}[A-Z]{0,2}|Pixel [1-9][0-9]?a?( Pro)?( XL| Fold)?)$`)

// systemOf returns the system or the model of a user agent; empty if it is unknown.
func systemOf(userAgent string, agent useragent.UserAgent) string {
	switch {
	case agent.Device == iPhone || agent.Device == iPad:
		return agent.Device
	case agent.OS == useragent.Android && model.MatchString(agent.Device):
		return agent.Device
	case agent.OS == "" && strings.Contains(userAgent, " CFNetwork/") && strings.Contains(userAgent, " Darwin/"):
		// An app that uses Apple's own client reports no model.
		return apple
	default:
		return systems[agent.OS]
	}
}

func isSystem(name string) bool { return slices.Contains(systemNames, name) || model.MatchString(name) }
