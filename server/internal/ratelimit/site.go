package ratelimit

import "net/netip"

// A subscriber can get a whole /48 of IPv6, which holds 65,536 networks (RFC 6177 section 2).
const ipv6Site = 48

// Site returns the key of the /48 of an IPv6 address, and "" for every other address.
func Site(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil || address.Unmap().Is4() {
		return ""
	}
	prefix, err := address.WithZone("").Prefix(ipv6Site)
	if err != nil {
		return ""
	}
	return prefix.String()
}
