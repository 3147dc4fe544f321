package device_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/device"
)

const (
	chromeOnWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
	chromeOnAPhone  = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
	chromeOnATablet = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
	naverOnAGalaxy  = "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Whale/1.0.0.0 Crosswalk/29 Mobile Safari/537.36 NAVER(inapp; search; 2000; 12)"
	kakaoOnAnIPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 11.3.0"
	shopOnApple     = "Shop/12 CFNetwork/1410.0.3 Darwin/22.6.0"
)

func TestDevicesHaveTheNamesThatTheirOwnersKnow(t *testing.T) {
	t.Parallel()

	for agent, want := range map[string]string{
		chromeOnWindows:                    "Chrome on Windows",
		chromeOnWindows + " Edg/131.0.0.0": "Edge on Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":                   "Safari on Mac",
		"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1":          "Safari on iPad",
		kakaoOnAnIPhone: "KakaoTalk on iPhone",
		naverOnAGalaxy:  "NAVER on SM-S918N",
		chromeOnAPhone:  "Chrome on Android",
		"Mozilla/5.0 (Linux; Android 14; Pixel 7a) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36":            "Chrome on Pixel 7a",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Whale/4.29.282.14 Safari/537.36": "Whale on Windows",
		"Dalvik/2.1.0 (Linux; U; Android 14; SM-S918N Build/UP1A.231005.007)":                                                               "Android app on SM-S918N",
		shopOnApple: "Apple device",

		"curl/8.5.0":                  "curl",
		"connect-go/1.19.0 (go1.26)":  "connect-go",
		"grpc-go/1.76.0":              "gRPC",
		"PostmanRuntime/7.43.0":       "Postman",
		"Go-http-client/2.0":          "Go",
		"python-requests/2.32.3":      "Python",
		"okhttp/4.12.0":               "okhttp",
		"Dart/3.5 (dart:io)":          "Dart",
		"":                            "Unknown device",
		" ":                           "Unknown device",
		"\x00\x01":                    "Unknown device",
		"Mozilla/5.0":                 "Unknown device",
		"evil/1.0":                    "Unknown device",
		"www.evil-bank.example":       "Unknown device",
		"call 02-123-4567 now/1.0":    "Unknown device",
		"Mozilla/5.0 (evil.example)":  "Unknown device",
		"evil.example Chrome/131.0.0": "Unknown device",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) evil.example/1.0":                                                                  "Windows",
		"Mozilla/5.0 (Linux; Android 14; www.evil-bank.example) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1 Mobile Safari/537.36": "Chrome on Android",
		"Mozilla/5.0 (Linux; Android 14; SM-evil.example) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1 Mobile Safari/537.36":       "Chrome on Android",
		"Mozilla/5.0 (Linux; Android 14; SM-S918N evil.example) Chrome/1 Mobile Safari/537.36":                                        "Chrome on Android",
	} {
		if got := device.Name(agent); got != want {
			t.Errorf("%q is called %q, want %q", agent, got, want)
		}
	}
}

func TestANameIsInTheLanguageOfItsReader(t *testing.T) {
	t.Parallel()

	for agent, want := range map[string]string{
		chromeOnWindows: "Windows의 Chrome", kakaoOnAnIPhone: "iPhone의 카카오톡", naverOnAGalaxy: "SM-S918N의 네이버 앱",
		"curl/8.5.0": "curl", "": "알 수 없는 기기", shopOnApple: "Apple 기기",
	} {
		if got := device.Of(agent).NameIn("ko"); got != want {
			t.Errorf("%q is called %q in Korean, want %q", agent, got, want)
		}
		if got := device.Of(agent).NameIn("en"); got != device.Name(agent) {
			t.Errorf("%q is called %q in English", agent, got)
		}
	}
}

// Jobs hold names, and those of the version before may hold a client's own words.
func TestIN07_OnlyNamesOfOursAreReadBack(t *testing.T) {
	t.Parallel()

	for _, agent := range []string{chromeOnWindows, kakaoOnAnIPhone, naverOnAGalaxy, "curl/8.5.0", "", chromeOnAPhone} {
		if got := device.FromName(device.Name(agent)).Name(); got != device.Name(agent) {
			t.Errorf("%q is read back as %q", device.Name(agent), got)
		}
	}
	for _, name := range []string{
		"www.evil-bank.example", "Chrome on evil.example", "evil.example on Windows", "Chrome on Windows on evil", "Chrome on ", " on Windows", "chrome",
	} {
		if got := device.FromName(name).Name(); got != "Unknown device" {
			t.Errorf("%q is read as %q", name, got)
		}
	}
}

func TestFingerprintsDistinguishDevices(t *testing.T) {
	t.Parallel()

	seen := map[string]string{}
	for _, agent := range []string{chromeOnWindows, chromeOnAPhone, chromeOnATablet, naverOnAGalaxy, kakaoOnAnIPhone, "curl/8.5.0", ""} {
		fingerprint := string(device.Of(agent).Fingerprint())
		if other, ok := seen[fingerprint]; ok {
			t.Errorf("%q and %q are one device", agent, other)
		}
		seen[fingerprint] = agent
	}
	updated := strings.ReplaceAll(chromeOnWindows, "131", "140")
	if !bytes.Equal(device.Of(chromeOnWindows).Fingerprint(), device.Of(updated).Fingerprint()) {
		t.Error("an update makes another device")
	}
	if !bytes.Equal(device.Of("evil/1").Fingerprint(), device.Of("www.evil-bank.example").Fingerprint()) {
		t.Error("a client makes as many devices as it likes")
	}
}

// names is written out, so that a name that comes from somewhere else is noticed.
var names = regexp.MustCompile(`^(Unknown device|(` + programs + `)|(` + systems + `)|(` + programs + `) on (` + systems + `))$`)

const (
	programs = `KakaoTalk|NAVER|Whale|Samsung Internet|LINE|Instagram|Facebook|TikTok|Chrome|Headless Chrome|Firefox|Safari|Edge|Opera|Opera Mini|` +
		`Opera Touch|Vivaldi|Internet Explorer|Huawei Browser|Miui Browser|curl|Wget|HTTPie|Postman|Insomnia|Bruno|buf|grpcurl|connect-(go|es|kotlin|swift)|` +
		`gRPC|Go|Python|okhttp|Android app|Java|axios|Node\.js|Deno|Bun|Dart|Ruby|PHP|PowerShell|Rust`
	systems = `Windows|Windows Phone|Mac|Linux|FreeBSD|ChromeOS|Android|HarmonyOS|iPhone|iPad|Apple device|(SM|LM)-[A-Z][0-9]{3}[A-Z]{0,2}[0-9]?|` +
		`Pixel [0-9]{1,2}a?( Pro)?( XL| Fold)?`
)

// FuzzIN07 shows that a name holds words of this package alone.
func FuzzIN07_ANameHoldsNoWordsOfTheClient(f *testing.F) {
	for _, agent := range []string{
		chromeOnWindows, naverOnAGalaxy, kakaoOnAnIPhone, "www.evil-bank.example", "curl/8.5.0", "Mozilla/5.0 (Linux; Android 14; <script>) Chrome/1",
		strings.Repeat("x", 10000), "가나다/1", "\u202eevil", "(((((((", ";;;;", "Mozilla/5.0 (Linux; Android 14; SM-S918N) evil.example/1",
	} {
		f.Add(agent)
	}
	f.Fuzz(func(t *testing.T, agent string) {
		got := device.Name(agent)
		if len(got) > 64 || !names.MatchString(got) {
			t.Errorf("%q is called %q", agent, got)
		}
		if back := device.FromName(got).Name(); back != got {
			t.Errorf("%q is read back as %q", got, back)
		}
	})
}
