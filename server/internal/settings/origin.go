package settings

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// standardPorts are left out of origins.
var standardPorts = map[string]string{"http": "80", "https": "443"}

// isOrigin tells whether a browser could send this as an Origin header (RFC 6454 section 6.2), letter by letter. It is
// compared in that way, and an origin that no browser sends would match nothing, without anybody being told.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	if err != nil || standardPorts[u.Scheme] == "" || text != u.Scheme+"://"+u.Host {
		return false
	}
	return isHost(u.Hostname(), u.Host) && isPort(u)
}

// Names of other scripts travel as xn--…, and a dot at the end makes another host of it.
var hostName = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)

func isHost(name, host string) bool {
	if address, err := netip.ParseAddr(name); err == nil {
		// Browsers shorten addresses, and write those of IPv6 in brackets.
		return address.String() == name && address.Zone() == "" && address.Is6() == strings.HasPrefix(host, "[")
	}
	_, err := strconv.Atoi(name[strings.LastIndexByte(name, '.')+1:])
	// What ends with a number would be an address, and is none.
	return hostName.MatchString(name) && err != nil
}

func isPort(u *url.URL) bool {
	port := u.Port()
	if port == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	number, err := strconv.ParseUint(port, 10, 16)
	return err == nil && number > 0 && strconv.FormatUint(number, 10) == port && port != standardPorts[u.Scheme]
}
