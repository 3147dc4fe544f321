package rpc

import (
	"net/http"
	"slices"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/origin"
)

// Config has the settings of the transport.
type Config struct {
	// DefaultLocale is the fallback of LocaleOf.
	DefaultLocale string `name:"default-locale" default:"en" placeholder:"LANGUAGE" help:"Language of messages when neither the account nor the caller names one that they are written in: en or ko."`
	// SameSite is that of the cookies with tokens.
	SameSite SameSite `name:"cookie-samesite" default:"lax" placeholder:"MODE" help:"SameSite of the cookies: lax, or none for pages on another site."`
	// AllowedOrigins are compared byte by byte with the Origin header.
	AllowedOrigins []string `name:"allowed-origins" placeholder:"ORIGIN" help:"Exact origins of pages on other hosts that may call the API from a browser."`
}

// SameSite is which pages a browser sends the cookies for (rfc6265bis section 4.1.2.7).
type SameSite string

// The modes.
const (
	// SameSiteLax is for pages on the server's own site.
	SameSiteLax SameSite = "lax"
	// SameSiteNone is for pages on another site, which must be among the allowed origins.
	SameSiteNone SameSite = "none"
)

// HTTP returns the mode as net/http names it.
func (s SameSite) HTTP() http.SameSite {
	if s == SameSiteNone {
		return http.SameSiteNoneMode
	}
	return http.SameSiteLaxMode
}

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if !slices.Contains(locales, c.DefaultLocale) {
		report("default-locale", "%q is not one of %s", c.DefaultLocale, strings.Join(locales, ", "))
	}
	for i, text := range c.AllowedOrigins {
		if !origin.Valid(text) {
			report("allowed-origins", "%q is not an origin as browsers send it; write it like https://app.example.com, in lower case, without a path or a star", text)
		} else if slices.Contains(c.AllowedOrigins[:i], text) {
			report("allowed-origins", "%q is listed twice", text)
		}
	}
	switch c.SameSite {
	case SameSiteLax:
	case SameSiteNone:
		if len(c.AllowedOrigins) == 0 {
			report("cookie-samesite", "none is for pages on another site, and LATCHKEY_ALLOWED_ORIGINS names none")
		}
	default:
		report("cookie-samesite", "%q is not one of lax, none", c.SameSite)
	}
}
