// Package settings is the one definition of what an operator can set. Each field of Settings is a flag, and an environment
// variable of the same name in upper case behind LATCHKEY_; a secret can also be read from the file that the variable with
// _FILE at its end names. Flags come before variables, and variables before defaults.
//
// Help texts, `latchkey config` and the table in docs/operations.md are made from the tags here.
package settings

import (
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/notify/smtp"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Settings is what an operator can set. A field added here has a default that changes nothing for those who do not set it.
type Settings struct {
	Listen           string        `name:"listen" default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Address and port of the public listener."`
	PublicURL        string        `name:"public-url" placeholder:"URL" help:"Origin that links, cookies and redirects are made for; http://localhost with the listener's port when empty."`
	FormerIssuers    []string      `name:"former-issuers" placeholder:"ORIGIN" help:"Former public URLs, whose tokens are still accepted."`
	DataDir          string        `name:"data-dir" default:".latchkey" placeholder:"FOLDER" help:"Where the embedded Postgres and the made-up master secret are kept."`
	DatabaseURL      secret.Text   `name:"database-url" placeholder:"URL" secret:"url" help:"Postgres to use; an embedded one is started when empty."`
	DatabaseMaxConns int           `name:"database-max-conns" placeholder:"NUMBER" help:"Most connections of the pool, 2 to 1000; when it is not set, pool_max_conns in the database URL counts, or else 20."`
	DatabaseWait     time.Duration `name:"database-wait" default:"60s" placeholder:"DURATION" help:"Longest time that a start may make no progress because the database is down, hangs, is read-only or is out of connections."`
	RedisURL         secret.Text   `name:"redis-url" placeholder:"URL" secret:"url" help:"Redis or Valkey that carries revocations between replicas; Postgres does it alone when empty."`
	MasterSecret     secret.Text   `name:"master-secret" placeholder:"SECRET" secret:"" help:"Encrypts keys and derives codes; at least 32 bytes. Made and kept in the data directory when empty."`

	ShutdownTimeout time.Duration `name:"shutdown-timeout" default:"15s" placeholder:"DURATION" help:"How long a shutdown may take; running calls and messages finish within it."`

	SignUpEmail  account.ContactRule `name:"sign-up-email" default:"verified" placeholder:"RULE" help:"E-mail at sign-up: verified, required, optional or off."`
	SignUpPhone  account.ContactRule `name:"sign-up-phone" default:"optional" placeholder:"RULE" help:"Phone at sign-up: verified, required, optional or off."`
	Discovery    account.Discovery   `name:"account-discovery" default:"open" placeholder:"MODE" help:"Whether an answer may tell that an account exists before a code has proven the contact: open or private."`
	Roles        []string            `name:"roles" default:"trainee,trainer" placeholder:"ROLE" help:"Roles that one can choose at sign-up."`
	PhoneRegion  string              `name:"phone-region" default:"KR" placeholder:"REGION" help:"Country of phone numbers written without one (ISO 3166-1 alpha-2)."`
	SMSCountries []string            `name:"sms-countries" default:"KR" placeholder:"REGION" help:"Countries that an SMS may be sent to."`

	DefaultLocale string `name:"default-locale" default:"en" placeholder:"LANGUAGE" help:"Language of messages when neither the account nor the caller names one that they are written in: en or ko."`

	PasswordPolicy string             `name:"password-policy" default:"classic" placeholder:"POLICY" help:"Rule for new passwords: classic or modern."`
	PasswordHash   password.Algorithm `name:"password-hash" default:"argon2id" placeholder:"ALGORITHM" help:"How new passwords are hashed: argon2id or bcrypt."`
	BcryptCost     int                `name:"bcrypt-cost" default:"10" placeholder:"COST" help:"Cost of bcrypt, 10 to 14."`

	CodeTTL        time.Duration `name:"code-ttl" default:"10m" placeholder:"DURATION" help:"How long a one-time code works."`
	CodeResendWait time.Duration `name:"code-resend-wait" default:"1m" placeholder:"DURATION" help:"How long to wait before the next code to the same contact."`
	ProofTTL       time.Duration `name:"proof-ttl" default:"15m" placeholder:"DURATION" help:"How long a verified code can be used."`

	SMTPHost     string      `name:"smtp-host" placeholder:"HOST" help:"Mail server; mails go to the outbox when empty."`
	SMTPPort     int         `name:"smtp-port" default:"587" placeholder:"PORT" help:"Port of the mail server."`
	SMTPTLS      smtp.TLS    `name:"smtp-tls" default:"starttls" placeholder:"WAY" help:"How the mail server is spoken to: starttls, tls (from the first byte, port 465) or none."`
	SMTPUser     string      `name:"smtp-user" placeholder:"USER" help:"User at the mail server; no authentication when empty."`
	SMTPPassword secret.Text `name:"smtp-password" placeholder:"PASSWORD" secret:"" help:"Password at the mail server."`
	MailFrom     string      `name:"mail-from" placeholder:"ADDRESS" help:"Sender of mails, like Latchkey <no-reply@example.com>."`

	SMSProvider      string      `name:"sms-provider" placeholder:"PROVIDER" help:"Who sends text messages: solapi, sens, twilio or http; they go to the outbox when empty."`
	SMSFrom          string      `name:"sms-from" placeholder:"NUMBER" help:"Sender number, registered with the provider: national digits for solapi and sens; a number in E.164 form, a messaging service or a name for twilio; a number or a name as the gateway wants it for http."`
	SMSFallback      string      `name:"sms-fallback" placeholder:"PROVIDER" help:"Second provider, which takes over while the first is in trouble."`
	SMSFallbackFrom  string      `name:"sms-fallback-from" placeholder:"NUMBER" help:"Sender number of the second provider; the same when empty."`
	SolapiAPIKey     string      `name:"solapi-api-key" placeholder:"KEY" help:"API key at Solapi."`
	SolapiAPISecret  secret.Text `name:"solapi-api-secret" placeholder:"SECRET" secret:"" help:"API secret at Solapi."`
	SolapiURL        string      `name:"solapi-url" default:"https://api.solapi.com" placeholder:"URL" help:"Address of Solapi."`
	SENSServiceID    string      `name:"sens-service-id" placeholder:"ID" help:"SMS service at Naver Cloud SENS, like ncp:sms:kr:123456789012:name."`
	SENSAccessKey    string      `name:"sens-access-key" placeholder:"KEY" help:"Access key at Naver Cloud."`
	SENSSecretKey    secret.Text `name:"sens-secret-key" placeholder:"SECRET" secret:"" help:"Secret key at Naver Cloud."`
	SENSURL          string      `name:"sens-url" default:"https://sens.apigw.ntruss.com" placeholder:"URL" help:"Address of SENS."`
	TwilioAccountSID string      `name:"twilio-account-sid" placeholder:"SID" help:"Account at Twilio."`
	TwilioAuthToken  secret.Text `name:"twilio-auth-token" placeholder:"TOKEN" secret:"" help:"Auth token at Twilio."`
	TwilioURL        string      `name:"twilio-url" default:"https://api.twilio.com" placeholder:"URL" help:"Address of Twilio."`
	SMSHTTPURL       secret.Text `name:"sms-http-url" placeholder:"URL" secret:"" help:"Address of the gateway of the provider http; it gets a POST."`
	SMSHTTPHeaders   secret.Text `name:"sms-http-headers" placeholder:"JSON" secret:"" help:"Headers for that gateway, as a JSON object."`
	SMSHTTPBody      string      `name:"sms-http-body" placeholder:"TEMPLATE" help:"Body for that gateway, a template; JSON with to, from and text when empty."`
	SMSHTTPSuccess   string      `name:"sms-http-success" placeholder:"EXPRESSION" help:"Regular expression that an answer of that gateway matches when it has taken a message; any when empty."`

	FCMCredentials secret.Text `name:"fcm-credentials" placeholder:"JSON" secret:"" help:"Key of a service account that may send push notifications, the whole JSON file; there are none when empty."`
	FCMEndpoint    string      `name:"fcm-endpoint" default:"https://fcm.googleapis.com" placeholder:"URL" help:"Address of Firebase Cloud Messaging."`

	FCMWebConfig   string `name:"fcm-web-config" placeholder:"JSON" help:"Firebase's configuration of the web app, a JSON object; browsers get no push notifications when empty."`
	FCMWebVAPIDKey string `name:"fcm-web-vapid-key" placeholder:"KEY" help:"Public key of that project's Web Push certificate."`

	FixedCodes      secret.Text `name:"fixed-codes" placeholder:"CONTACT=CODE" secret:"" help:"Contacts for tests, whose code is always the same and never sent, like review@example.com=135790,010-1234-5678=246802."`
	FixedCodesUntil string      `name:"fixed-codes-until" placeholder:"DATE" help:"Last day, in UTC, on which these codes work, like 2027-01-31; at most a year ahead."`

	RateLimits RateLimits `name:"rate-limits" default:"on" placeholder:"on|off" help:"Limits on tries. Off is for load tests."`

	ConnectionsPerNetwork int `name:"connections-per-network" default:"256" placeholder:"NUMBER" help:"How many connections a client network may have open; the total of 2048 holds for trusted proxies alone."`
	CallsPerNetwork       int `name:"calls-per-network" default:"128" placeholder:"NUMBER" help:"How many calls of a client network may be in flight, of 2048 in total; a stream counts for as long as it is open."`

	AccessTokenTTL     time.Duration `name:"access-token-ttl" default:"24h" placeholder:"DURATION" help:"How long an access token lives."`
	RefreshTokenTTL    time.Duration `name:"refresh-token-ttl" default:"168h" placeholder:"DURATION" help:"How long a session lives without being used."`
	SessionMaxAge      time.Duration `name:"session-max-age" default:"720h" placeholder:"DURATION" help:"How long a session lives however often it is used."`
	RefreshGrace       time.Duration `name:"refresh-grace" default:"30s" placeholder:"DURATION" help:"How long the refresh token before the last one is honoured, for parallel calls."`
	RefreshRetryWindow time.Duration `name:"refresh-retry-window" default:"10m" placeholder:"DURATION" help:"How long it is honoured in all while the last one was never used, for clients that lost an answer; what comes after the grace is noted in the activity."`

	CookieSameSite SameSite `name:"cookie-samesite" default:"lax" placeholder:"MODE" help:"SameSite of the cookies: lax, or none for pages on another site."`
	AllowedOrigins []string `name:"allowed-origins" placeholder:"ORIGIN" help:"Exact origins of pages on other hosts that may call the API from a browser."`

	TokenAlgorithm token.Algorithm `name:"token-algorithm" default:"ES256" placeholder:"ALGORITHM" help:"How new keys sign tokens: ES256, EdDSA or RS256."`
	KeyMaxAge      time.Duration   `name:"key-max-age" default:"2160h" placeholder:"DURATION" help:"How long a key signs tokens until the next one takes over."`

	TrustedProxies []string `name:"trusted-proxies" placeholder:"ADDRESS" help:"Addresses or prefixes of proxies whose X-Forwarded-For counts."`
}

// MaxPerNetwork is the most connections, and calls in flight, that a client network can be given: the total of all networks.
const MaxPerNetwork = 2048

// SameSite says which pages a browser sends the cookies for (rfc6265bis section 4.1.2.7).
type SameSite string

// The two ways.
const (
	// SameSiteLax is for pages on the server's own site.
	SameSiteLax SameSite = "lax"
	// SameSiteNone is for pages on another site, which then have to be among the allowed origins.
	SameSiteNone SameSite = "none"
)

// RateLimits says whether tries are limited.
type RateLimits string

// The two ways.
const (
	LimitsOn  RateLimits = "on"
	LimitsOff RateLimits = "off"
)

const envPrefix = "LATCHKEY_"

// reservedPrefix belongs to this repository's own tests, which may stand in the environment of a server under test.
const reservedPrefix = envPrefix + "TEST_"

const fileSuffix = "_FILE"
