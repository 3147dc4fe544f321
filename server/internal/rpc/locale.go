package rpc

import (
	"net/http"

	"golang.org/x/text/language"
)

// LocaleHeader is the request header with the language in which a page is shown: a BCP 47 tag such as "ko". It takes precedence
// over Accept-Language, which is the preference of the browser and not the user's choice on the page.
const LocaleHeader = "Latchkey-Locale"

// The languages of messages, in the order of the matcher's tags.
var (
	locales       = []string{"en", "ko"}
	localeMatcher = language.NewMatcher([]language.Tag{language.English, language.Korean})
)

// maxLanguages is far more than browsers send, in bytes. The time to parse a header grows with its length.
const maxLanguages = 256

// LocaleOf returns the language of messages to a caller, "ko" or "en", unless the caller's account has one. It is given by
// LocaleHeader, else by Accept-Language (RFC 9110 section 12.5.4), else by the fallback. A header that cannot be read, or names
// no supported language, is ignored.
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
