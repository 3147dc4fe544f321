package ratelimit_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
)

func TestRL04_ASiteOfIPv6IsA48(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]string{
		"2001:db8:1:2:3:4:5:6": "2001:db8:1::/48",
		"2001:db8:1:ffff::":    "2001:db8:1::/48",
		"2001:db8:2::1":        "2001:db8:2::/48",
		"fe80::1%eth0":         "fe80::/48",
		"192.0.2.1":            "",
		"::ffff:192.0.2.1":     "",
		"no address":           "",
	} {
		if got := ratelimit.Site(ip); got != want {
			t.Errorf("%s: got %q, want %q", ip, got, want)
		}
	}
}
