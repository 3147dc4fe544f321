package app

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// publicURL returns the origin of the server: the configured one, or one at which the listener can be reached. It has no slash at
// its end, as browsers write it.
func publicURL(s settings.Settings, listening net.Addr) string {
	if s.Server.PublicURL != "" {
		return strings.TrimSuffix(s.Server.PublicURL, "/")
	}
	address, port := addressOf(listening)
	// Browsers treat localhost like https, so notifications work there.
	if !address.IsValid() || address.IsUnspecified() || address == loopback4 || address == netip.IPv6Loopback() {
		return originOf("localhost", port)
	}
	return originOf(address.String(), port)
}

var loopback4 = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// announceOthers prints the addresses at which other machines reach a server that listens on all of them.
func announceOthers(out io.Writer, s settings.Settings, listening net.Addr) {
	address, port := addressOf(listening)
	if s.Server.PublicURL != "" || !address.IsUnspecified() {
		return
	}
	own, err := net.InterfaceAddrs()
	if err != nil {
		return
	}
	var origins []string
	for _, a := range own {
		prefix, err := netip.ParsePrefix(a.String())
		// A link-local address needs the name of an interface, which browsers do not accept.
		if err != nil || prefix.Addr().IsLoopback() || prefix.Addr().IsLinkLocalUnicast() || address.Is4() && prefix.Addr().Is6() {
			continue
		}
		origins = append(origins, originOf(prefix.Addr().String(), port))
	}
	if len(origins) == 0 {
		return
	}
	fmt.Fprintf(out, "Other machines reach it at %s.\nLinks in messages lead to localhost: for them, set --public-url to one of these.\n\n", strings.Join(origins, " or "))
}

func addressOf(listening net.Addr) (netip.Addr, int) {
	tcp, ok := listening.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}, 0
	}
	address := tcp.AddrPort().Addr().Unmap()
	return address, tcp.Port
}

func originOf(host string, port int) string {
	// It brackets an IPv6 address. A zone's percent sign must be escaped in a URL (RFC 6874).
	host = strings.ReplaceAll(net.JoinHostPort(host, strconv.Itoa(port)), "%", "%25")
	return "http://" + strings.TrimSuffix(host, ":80")
}
