package device

import (
	"slices"
	"strings"

	"github.com/mileusna/useragent"
)

// Korean apps open pages in their own browser, whose user agent ends with one of these marks.
var inApp = []struct{ mark, name string }{
	{"KAKAOTALK", "KakaoTalk"},
	{"NAVER(inapp", "NAVER"},
	{"Whale/", "Whale"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"Line/", "LINE"},
	{"Instagram", "Instagram"},
	{"FBAN/", "Facebook"},
}

// browsers maps the names from the parser to the names that users know.
var browsers = map[string]string{
	useragent.Chrome:           "Chrome",
	useragent.HeadlessChrome:   "Headless Chrome",
	useragent.Firefox:          "Firefox",
	useragent.Safari:           "Safari",
	useragent.Edge:             "Edge",
	useragent.Opera:            "Opera",
	useragent.OperaMini:        "Opera Mini",
	useragent.OperaTouch:       "Opera Touch",
	useragent.Vivaldi:          "Vivaldi",
	useragent.InternetExplorer: "Internet Explorer",
	useragent.FacebookApp:      "Facebook",
	useragent.TiktokApp:        "TikTok",
	"Huawei Browser":           "Huawei Browser",
	"Miui Browser":             "Miui Browser",
}

// clients maps the first word of user agents, in lower case, for programs that are not browsers.
var clients = map[string]string{
	"curl":              "curl",
	"wget":              "Wget",
	"httpie":            "HTTPie",
	"postmanruntime":    "Postman",
	"insomnia":          "Insomnia",
	"bruno-runtime":     "Bruno",
	"buf":               "buf",
	"grpcurl":           "grpcurl",
	"connect-go":        "connect-go",
	"connect-es":        "connect-es",
	"connect-kotlin":    "connect-kotlin",
	"connect-swift":     "connect-swift",
	"grpc-go":           "gRPC",
	"grpc-node":         "gRPC",
	"grpc-node-js":      "gRPC",
	"grpc-python":       "gRPC",
	"grpc-java-netty":   "gRPC",
	"grpc-java-okhttp":  "gRPC",
	"grpc-c":            "gRPC",
	"grpc-c++":          "gRPC",
	"grpc-swift":        "gRPC",
	"dart-grpc":         "gRPC",
	"go-http-client":    "Go",
	"python-requests":   "Python",
	"python-httpx":      "Python",
	"python-urllib":     "Python",
	"python":            "Python",
	"aiohttp":           "Python",
	"okhttp":            "okhttp",
	"dalvik":            "Android app",
	"apache-httpclient": "Java",
	"java":              "Java",
	"java-http-client":  "Java",
	"axios":             "axios",
	"node":              "Node.js",
	"node-fetch":        "Node.js",
	"undici":            "Node.js",
	"deno":              "Deno",
	"bun":               "Bun",
	"dart":              "Dart",
	"ruby":              "Ruby",
	"guzzlehttp":        "PHP",
	"powershell":        "PowerShell",
	"reqwest":           "Rust",
}

// programNames are all names that programOf can return.
var programNames = func() []string {
	var names []string
	for _, app := range inApp {
		names = append(names, app.name)
	}
	for _, list := range []map[string]string{browsers, clients} {
		for _, name := range list {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}()

// programOf returns the program of a user agent; empty if it is unknown.
func programOf(userAgent string, agent useragent.UserAgent) string {
	for _, app := range inApp {
		if strings.Contains(userAgent, app.mark) {
			return app.name
		}
	}
	// "curl/8.5.0", "connect-go/1.19 (go1.26)".
	first, _, _ := strings.Cut(strings.TrimSpace(userAgent), " ")
	first, _, _ = strings.Cut(first, "/")
	if name, ok := clients[strings.ToLower(first)]; ok {
		return name
	}
	// Every browser reports its system. A client without one that claims to be Chrome is none.
	if agent.OS == "" {
		return ""
	}
	return browsers[agent.Name]
}
