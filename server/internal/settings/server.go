package settings

import (
	"net"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/origin"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Server has the settings of the server as a whole. They are here because their package is app, which imports this one, or
// because no single package uses them: several derive keys from the master secret.
type Server struct {
	Listen       string        `name:"listen" default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Address and port of the public listener."`
	PublicURL    string        `name:"public-url" placeholder:"URL" help:"Origin that links, cookies and redirects are made for; http://localhost with the listener's port when empty."`
	DataDir      string        `name:"data-dir" default:".latchkey" placeholder:"FOLDER" help:"Where the embedded Postgres and the made-up master secret are kept."`
	DatabaseWait time.Duration `name:"database-wait" default:"60s" placeholder:"DURATION" help:"How long a start waits without progress for a database that is down, hangs, is read-only or is out of connections."`
	MasterSecret secret.Text   `name:"master-secret" placeholder:"SECRET" secret:"" help:"Encrypts keys and derives codes; at least 32 bytes. Made and kept in the data directory when empty."`

	ShutdownTimeout time.Duration `name:"shutdown-timeout" default:"15s" placeholder:"DURATION" help:"How long a shutdown may take; running calls and messages finish within it."`

	ConnectionsPerNetwork int `name:"connections-per-network" default:"256" placeholder:"NUMBER" help:"How many connections a client network may have open; the total of 2048 holds for trusted proxies alone."`
	CallsPerNetwork       int `name:"calls-per-network" default:"128" placeholder:"NUMBER" help:"How many calls of a client network may be in flight, of 2048 in total; a stream counts for as long as it is open."`

	TrustedProxies []string `name:"trusted-proxies" placeholder:"ADDRESS" help:"Addresses or prefixes of proxies whose X-Forwarded-For counts."`
}

// MaxPerNetwork is the highest limit for the connections and calls in flight of one client network: the total of all networks.
const MaxPerNetwork = 2048

// Validate reports every setting that cannot be used.
func (s Server) Validate(report func(setting, format string, args ...any)) {
	if _, port, err := net.SplitHostPort(s.Listen); err != nil || port == "" {
		report("listen", "%q is not an address and port; write it like 127.0.0.1:8080", s.Listen)
	}
	// As browsers write it: the origins of pages are compared with it, and https means Secure cookies.
	if s.PublicURL != "" && !origin.Valid(strings.TrimSuffix(s.PublicURL, "/")) {
		report("public-url", "%q is not an origin; write it like https://accounts.example.com, in lower case, without the standard port", s.PublicURL)
	}
	if text := s.MasterSecret; !text.Empty() {
		if _, err := secret.NewMaster(text); err != nil {
			report("master-secret", "needs at least %d bytes and has %d", secret.MinMasterLength, len(text.Reveal()))
		}
	}
	s.validateTimes(report)
	for setting, n := range map[string]int{"connections-per-network": s.ConnectionsPerNetwork, "calls-per-network": s.CallsPerNetwork} {
		if n < 1 || n > MaxPerNetwork {
			report(setting, "%d is not between 1 and %d", n, MaxPerNetwork)
		}
	}
	for i, text := range s.TrustedProxies {
		if _, err := ParseProxy(text); err != nil {
			report("trusted-proxies", "%q %s", text, err)
		} else if slices.Contains(s.TrustedProxies[:i], text) {
			report("trusted-proxies", "%q is listed twice", text)
		}
	}
}

func (s Server) validateTimes(report func(setting, format string, args ...any)) {
	for _, limit := range []struct {
		setting     string
		value       time.Duration
		least, most time.Duration
	}{
		{"database-wait", s.DatabaseWait, 0, time.Hour},
		// Kubernetes kills a process after 30 seconds by default.
		{"shutdown-timeout", s.ShutdownTimeout, time.Second, 10 * time.Minute},
	} {
		if limit.value < limit.least || limit.value > limit.most {
			report(limit.setting, "%s is not between %s and %s", limit.value, limit.least, limit.most)
		}
	}
}
