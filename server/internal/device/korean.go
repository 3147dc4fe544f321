package device

// korean has the names that are different in Korean. The pages have the same list: clients/web/src/i18n/device-name.ts.
var korean = map[string]string{
	unknownName:        "알 수 없는 기기",
	"KakaoTalk":        "카카오톡",
	"NAVER":            "네이버 앱",
	"Whale":            "웨일",
	"Samsung Internet": "삼성 인터넷",
	"Instagram":        "인스타그램",
	"Facebook":         "페이스북",
	"Android app":      "안드로이드 앱",
	apple:              "Apple 기기",
}

// NameIn returns the name in a language: "ko" is Korean, all others are English.
func (d Device) NameIn(locale string) string {
	if locale != "ko" {
		return d.Name()
	}
	if d.Program != "" && d.System != "" {
		return inKorean(d.System) + "의 " + inKorean(d.Program)
	}
	return inKorean(d.Name())
}

func inKorean(name string) string {
	if translated, ok := korean[name]; ok {
		return translated
	}
	return name
}
