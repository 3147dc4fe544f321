// Package origin checks the origins of pages, in the form that browsers send.
package origin

import (
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// standardPorts are omitted from origins.
var standardPorts = map[string]string{"http": "80", "https": "443"}

// Valid reports whether a browser could send this text as Origin header (RFC 6454 section 6.2), byte for byte. Origins are
// compared in this way, so any other text would silently match nothing.
func Valid(text string) bool {
	u, err := url.Parse(text)
	if err != nil || standardPorts[u.Scheme] == "" || text != u.Scheme+"://"+u.Host {
		return false
	}
	return isHost(u.Hostname(), u.Host) && isPort(u)
}

// Internationalized names are written as xn--…, and a dot at the end makes a different host.
var hostName = regexp.MustCompile(`^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`)

func isHost(name, host string) bool {
	if address, err := netip.ParseAddr(name); err == nil {
		// Browsers shorten IP addresses, and put IPv6 in brackets.
		return address.String() == name && address.Zone() == "" && address.Is6() == strings.HasPrefix(host, "[")
	}
	_, err := strconv.Atoi(name[strings.LastIndexByte(name, '.')+1:])
	// A name whose last label is a number is parsed as an IPv4 address, and this one is invalid.
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
