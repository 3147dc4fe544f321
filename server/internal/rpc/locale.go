package rpc

import (
	"net/http"

	"golang.org/x/text/language"
)

// LocaleHeader is the request header in which a page says in which language it is shown: a BCP 47 tag such as "ko". It comes
// before Accept-Language, which tells what the browser prefers and not what its user has chosen on the page.
const LocaleHeader = "Latchkey-Locale"

// The languages that messages are written in, in the order of the matcher's tags.
var (
	locales       = []string{"en", "ko"}
	localeMatcher = language.NewMatcher([]language.Tag{language.English, language.Korean})
)

// maxLanguages is far more than browsers send, in bytes. Reading a header takes time that grows with it.
const maxLanguages = 256

// LocaleOf returns the language of messages to a caller whose account, if there is one, does not say it: by LocaleHeader, else by
// Accept-Language (RFC 9110 section 12.5.4), else the fallback. It is "ko" or "en". A header that names no language that
// messages are written in, or cannot be read, is passed over.
func LocaleOf(header http.Header, fallback string) string {
	for _, name := range []string{LocaleHeader, "Accept-Language"} {
		if locale, ok := firstLocale(header.Get(name)); ok {
			return locale
		}
	}
	return fallback
}

func firstLocale(languages string) (locale string, ok bool) {
	if languages == "" || len(languages) > maxLanguages {
		return "", false
	}
	tags, _, err := language.ParseAcceptLanguage(languages)
	if err != nil {
		return "", false
	}
	_, index, confidence := localeMatcher.Match(tags...)
	return locales[index], confidence > language.No
}
