// Package settings defines all settings of an operator. Each field of Settings is a flag, and an environment variable with the
// same name in upper case and the prefix LATCHKEY_. A secret can also be read from a file, named by the variable with the suffix
// _FILE. Flags take precedence over variables, and variables over defaults.
//
// Help texts, `latchkey config` and the table in docs/operations.md are generated from the tags here.
package settings

import (
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
	"github.com/latchkey-auth/latchkey/server/internal/notify/httpsms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sens"
	"github.com/latchkey-auth/latchkey/server/internal/notify/smtp"
	"github.com/latchkey-auth/latchkey/server/internal/notify/solapi"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Settings are the settings of all packages and of the server as a whole. A new setting belongs to the Config of the package that
// uses it. Its default must not change the behavior of existing installations. Fields that kong skips are set by package app.
type Settings struct {
	Listen           string        `name:"listen" default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Address and port of the public listener."`
	PublicURL        string        `name:"public-url" placeholder:"URL" help:"Origin that links, cookies and redirects are made for; http://localhost with the listener's port when empty."`
	DataDir          string        `name:"data-dir" default:".latchkey" placeholder:"FOLDER" help:"Where the embedded Postgres and the made-up master secret are kept."`
	DatabaseURL      secret.Text   `name:"database-url" placeholder:"URL" secret:"url" help:"Postgres to use; an embedded one is started when empty."`
	DatabaseMaxConns int           `name:"database-max-conns" placeholder:"NUMBER" help:"Most connections of the pool, 2 to 1000; when it is not set, pool_max_conns in the database URL counts, or else 20."`
	DatabaseWait     time.Duration `name:"database-wait" default:"60s" placeholder:"DURATION" help:"Longest time that a start may make no progress because the database is down, hangs, is read-only or is out of connections."`
	MasterSecret     secret.Text   `name:"master-secret" placeholder:"SECRET" secret:"" help:"Encrypts keys and derives codes; at least 32 bytes. Made and kept in the data directory when empty."`

	ShutdownTimeout time.Duration `name:"shutdown-timeout" default:"15s" placeholder:"DURATION" help:"How long a shutdown may take; running calls and messages finish within it."`

	Accounts account.Rules `embed:""`

	DefaultLocale string `name:"default-locale" default:"en" placeholder:"LANGUAGE" help:"Language of messages when neither the account nor the caller names one that they are written in: en or ko."`

	Passwords password.Config `embed:""`

	Codes verification.Config `embed:""`

	SMTP smtp.Config `embed:""`

	SMSProvider     string         `name:"sms-provider" placeholder:"PROVIDER" help:"Who sends text messages: solapi, sens, twilio or http; they go to the outbox when empty."`
	SMSFrom         string         `name:"sms-from" placeholder:"NUMBER" help:"Sender number, registered with the provider: national digits for solapi and sens; a number in E.164 form, a messaging service or a name for twilio; a number or a name as the gateway wants it for http."`
	SMSFallback     string         `name:"sms-fallback" placeholder:"PROVIDER" help:"Second provider, which takes over while the first is in trouble."`
	SMSFallbackFrom string         `name:"sms-fallback-from" placeholder:"NUMBER" help:"Sender number of the second provider; the same when empty."`
	Solapi          solapi.Config  `embed:""`
	SENS            sens.Config    `embed:""`
	Twilio          twilio.Config  `embed:""`
	HTTPSMS         httpsms.Config `embed:""`

	FCM fcm.Config `embed:""`

	RateLimits RateLimits `name:"rate-limits" default:"on" placeholder:"on|off" help:"Limits on tries. Off is for load tests."`

	ConnectionsPerNetwork int `name:"connections-per-network" default:"256" placeholder:"NUMBER" help:"How many connections a client network may have open; the total of 2048 holds for trusted proxies alone."`
	CallsPerNetwork       int `name:"calls-per-network" default:"128" placeholder:"NUMBER" help:"How many calls of a client network may be in flight, of 2048 in total; a stream counts for as long as it is open."`

	Sessions session.Config `embed:""`
	Events   audit.Config   `embed:""`
	Tokens   token.Config   `embed:""`

	CookieSameSite SameSite `name:"cookie-samesite" default:"lax" placeholder:"MODE" help:"SameSite of the cookies: lax, or none for pages on another site."`
	AllowedOrigins []string `name:"allowed-origins" placeholder:"ORIGIN" help:"Exact origins of pages on other hosts that may call the API from a browser."`

	TrustedProxies []string `name:"trusted-proxies" placeholder:"ADDRESS" help:"Addresses or prefixes of proxies whose X-Forwarded-For counts."`
}

// MaxPerNetwork is the highest limit for the connections and calls in flight of one client network: the total of all networks.
const MaxPerNetwork = 2048

// SameSite is which pages a browser sends the cookies for (rfc6265bis section 4.1.2.7).
type SameSite string

// The modes.
const (
	// SameSiteLax is for pages on the server's own site.
	SameSiteLax SameSite = "lax"
	// SameSiteNone is for pages on another site, which must be among the allowed origins.
	SameSiteNone SameSite = "none"
)

// RateLimits is whether attempts are limited.
type RateLimits string

// The modes.
const (
	LimitsOn  RateLimits = "on"
	LimitsOff RateLimits = "off"
)

// Fixed returns the contacts with fixed codes. The settings must have no Problems.
func (s Settings) Fixed() verification.FixedCodes {
	s.Codes.PhoneRegion = s.Accounts.PhoneRegion
	return s.Codes.ParseFixed()
}

const envPrefix = "LATCHKEY_"

// reservedPrefix is for the tests of this repository, whose variables may be in the environment of a server under test.
const reservedPrefix = envPrefix + "TEST_"

const fileSuffix = "_FILE"
