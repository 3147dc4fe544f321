package app

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// clientAddress finds the IP address of a client. Headers about it can be forged, unless the request comes from a proxy that the
// operator trusts. Each proxy appends the address of its client to X-Forwarded-For.
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

// of returns the address of the client. It goes back from the connection through the proxies, to the first address that is not
// trusted. Entries before that one, or before one that is not an address, may be forged and are ignored. No other header counts.
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

// backwards yields the entries of a header from the last to the first. Several headers are one list (RFC 9110 section 5.3).
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

// parseAddress parses an address as net/http and proxies write it: with or without a port, and IPv6 with or without brackets. It
// drops the zone of a link-local address, which matters on this machine only, and unmaps an IPv4 address in IPv6.
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
