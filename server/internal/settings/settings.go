// Package settings defines all settings of an operator. Each field of Settings is a flag, and an environment variable with the
// same name in upper case and the prefix LATCHKEY_. A secret can also be read from a file, named by the variable with the suffix
// _FILE. Flags take precedence over variables, and variables over defaults.
//
// Help texts, `latchkey config` and the table in docs/operations.md are generated from the tags here.
package settings

import (
	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/smtp"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Settings are the settings of all packages and of the server as a whole. A new setting belongs to the Config of the package that
// uses it. Its default must not change the behavior of existing installations. Fields that kong skips are set by package app.
type Settings struct {
	Server    Server              `embed:""`
	Database  db.Config           `embed:""`
	Accounts  account.Rules       `embed:""`
	Passwords password.Config     `embed:""`
	Codes     verification.Config `embed:""`
	SMTP      smtp.Config         `embed:""`
	SMS       sms.Config          `embed:""`
	FCM       fcm.Config          `embed:""`
	Limits    ratelimit.Config    `embed:""`
	Sessions  session.Config      `embed:""`
	Events    audit.Config        `embed:""`
	Tokens    token.Config        `embed:""`
	Calls     rpc.Config          `embed:""`
}

// Fixed returns the contacts with fixed codes. The settings must have no Problems.
func (s Settings) Fixed() verification.FixedCodes {
	s.Codes.PhoneRegion = s.Accounts.PhoneRegion
	return s.Codes.ParseFixed()
}

const envPrefix = "LATCHKEY_"

// reservedPrefix is for the tests of this repository, whose variables may be in the environment of a server under test.
const reservedPrefix = envPrefix + "TEST_"

const fileSuffix = "_FILE"
