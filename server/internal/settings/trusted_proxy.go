package settings

import (
	"errors"
	"net/netip"
	"strings"
)

// ParseProxy parses an entry of LATCHKEY_TRUSTED_PROXIES: an address, or a prefix such as 10.0.0.0/8. Its error continues a
// sentence that begins with the entry.
func ParseProxy(text string) (netip.Prefix, error) {
	if !strings.Contains(text, "/") {
		address, err := netip.ParseAddr(text)
		if err != nil || address.Zone() != "" {
			return netip.Prefix{}, errors.New("is not an address; write it like 10.1.2.3, 10.0.0.0/8 or fd00::/8")
		}
		address = address.Unmap()
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil || prefix.Addr().Is4In6():
		return netip.Prefix{}, errors.New("is not a prefix; write it like 10.0.0.0/8 or fd00::/8")
	case prefix.Bits() == 0:
		return netip.Prefix{}, errors.New("would trust every client; list your proxies")
	case prefix != prefix.Masked():
		return netip.Prefix{}, errors.New("names more than its prefix; write " + prefix.Masked().String() + ", or the address alone")
	default:
		return prefix, nil
	}
}
