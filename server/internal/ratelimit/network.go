package ratelimit

import "net/netip"

// A home or a phone has a whole /64 of IPv6 to choose from (RFC 4291 section 2.5.1), so it counts as one.
const ipv6Prefix = 64

// Network gives the key of whoever is behind an address.
func Network(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	prefix, err := address.Prefix(ipv6Prefix)
	if err != nil {
		return address.String()
	}
	return prefix.String()
}
