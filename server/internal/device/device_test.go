package device_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/device"
)

func TestDevicesHaveTheNamesThatTheirOwnersKnow(t *testing.T) {
	t.Parallel()

	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36":                                                                              "Chrome on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0":                                                                "Edge on Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":                                                                        "Safari on Mac",
		"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0":                                                                                                                       "Firefox on Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1":                                                      "Safari on iPhone",
		"Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1":                                                               "Safari on iPad",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 11.3.0":                                                               "KakaoTalk on iPhone",
		"Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Whale/1.0.0.0 Crosswalk/29 Mobile Safari/537.36 NAVER(inapp; search; 2000; 12)": "NAVER on SM-S918N",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Whale/4.29.282.14 Safari/537.36":                                                            "Whale on Windows",
		"curl/8.5.0":                 "curl",
		"connect-go/1.19.0 (go1.26)": "connect-go",
		"":                           "Unknown device",
		" ":                          "Unknown device",
		"\x00\x01":                   "Unknown device",
	} {
		if got := device.Name(agent); got != want {
			t.Errorf("%q is called %q, want %q", agent, got, want)
		}
	}
}

func FuzzIN07_ANameIsShortAndPlain(f *testing.F) {
	for _, agent := range []string{
		"Mozilla/5.0 (Linux; Android 14; <script>) Chrome/1", strings.Repeat("x", 10000), "가나다/1", "\u202eevil", "(((((((", ";;;;",
	} {
		f.Add(agent)
	}
	f.Fuzz(func(t *testing.T, agent string) {
		name := device.Name(agent)
		if name == "" || len(name) > 64 {
			t.Errorf("%q is called %q", agent, name)
		}
		for _, c := range []byte(name) {
			if c < ' ' || c > '~' {
				t.Errorf("%q is called %q", agent, name)
			}
		}
	})
}
