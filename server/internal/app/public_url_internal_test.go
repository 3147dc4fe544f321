package app

import (
	"net"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

func TestPublicURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"127.0.0.1:8080":      "http://localhost:8080",
		"[::1]:8080":          "http://localhost:8080",
		"0.0.0.0:8080":        "http://localhost:8080",
		"[::]:8080":           "http://localhost:8080",
		"127.0.0.2:8080":      "http://127.0.0.2:8080",
		"192.0.2.1:8080":      "http://192.0.2.1:8080",
		"192.0.2.1:80":        "http://192.0.2.1",
		"0.0.0.0:80":          "http://localhost",
		"[2001:db8::1]:8080":  "http://[2001:db8::1]:8080",
		"[2001:db8::80]:80":   "http://[2001:db8::80]",
		"[fe80::1%eth0]:8080": "http://[fe80::1%25eth0]:8080",
		// The address of a listener for both families.
		"[::ffff:192.0.2.1]:8080": "http://192.0.2.1:8080",
	} {
		listening, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if got := publicURL(settings.Settings{}, listening); got != want {
			t.Errorf("on %s it is reached by %s, want %s", address, got, want)
		}
		if got := publicURL(settings.Settings{Server: settings.Server{PublicURL: "https://accounts.example.com/"}}, listening); got != "https://accounts.example.com" {
			t.Errorf("on %s, the setting makes %s", address, got)
		}
	}
}

func TestAnnounceOthers(t *testing.T) {
	t.Parallel()
	for address, tells := range map[string]bool{"0.0.0.0:8080": true, "127.0.0.1:8080": false, "192.0.2.1:8080": false} {
		listening, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		announceOthers(&out, settings.Settings{}, listening)
		if told := out.Len() > 0; told && !tells || strings.Contains(out.String(), "127.0.0.1") {
			t.Errorf("on %s it prints %q", address, &out)
		}
		out.Reset()
		announceOthers(&out, settings.Settings{Server: settings.Server{PublicURL: "https://accounts.example.com"}}, listening)
		if out.Len() > 0 {
			t.Errorf("with a public URL it prints %q", &out)
		}
	}
}
