package ratelimit

import "net/netip"

// A home or a phone can use all addresses of a /64 of IPv6 (RFC 4291 section 2.5.1), so a /64 counts as one client.
const ipv6Prefix = 64

// Network returns the key of the client network of an IP address.
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
