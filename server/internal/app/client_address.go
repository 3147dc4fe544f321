package app

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// clientAddress finds out where requests come from. What a request says about that is anybody's claim, unless it comes from
// a proxy that an operator trusts: each proxy adds to X-Forwarded-For, at its end, whom it was called by.
type clientAddress struct {
	trusted []netip.Prefix
}

func newClientAddress(proxies []string) (clientAddress, error) {
	var c clientAddress
	for _, text := range proxies {
		prefix, err := settings.ParseProxy(text)
		if err != nil {
			return clientAddress{}, err
		}
		c.trusted = append(c.trusted, prefix)
	}
	return c, nil
}

// of gives the address of the client: going back from the connection through the proxies, the first one that is not
// trusted. What stands beyond it, or beyond an entry that is no address, may have been made up, and is not looked at. No
// other header counts.
func (c clientAddress) of(r *http.Request) string {
	last, ok := parseAddress(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr
	}
	for entry := range backwards(r.Header.Values("X-Forwarded-For")) {
		if !c.trusts(last) {
			break
		}
		next, ok := parseAddress(strings.Trim(entry, " \t"))
		if !ok {
			break
		}
		last = next
	}
	return last.String()
}

func (c clientAddress) trusts(address netip.Addr) bool {
	return slices.ContainsFunc(c.trusted, func(p netip.Prefix) bool { return p.Contains(address) })
}

// backwards gives the entries of a header from the last one to the first. Several headers are one list (RFC 9110 section
// 5.3).
func backwards(lines []string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, line := range slices.Backward(lines) {
			for {
				comma := strings.LastIndexByte(line, ',')
				if !yield(line[comma+1:]) {
					return
				}
				if comma < 0 {
					break
				}
				line = line[:comma]
			}
		}
	}
}

// parseAddress reads an address as net/http and proxies write it: alone or with a port, IPv6 with brackets or without. The
// zone of a link-local address is this machine's own affair, and an IPv4 address within IPv6 is the same as without.
func parseAddress(text string) (netip.Addr, bool) {
	alone := text
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		alone = text[1 : len(text)-1]
	}
	address, err := netip.ParseAddr(alone)
	if err != nil {
		withPort, err := netip.ParseAddrPort(text)
		if err != nil {
			return netip.Addr{}, false
		}
		address = withPort.Addr()
	}
	return address.Unmap().WithZone(""), true
}
