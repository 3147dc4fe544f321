// Package account has the use-cases of users and their accounts: signing up, signing in, changing and deleting an account. Each
// use-case has its own file, opens its own transaction, and refuses with a *fault.Error.
//
// Everywhere: codes, proofs and resets work only for a contact that the account has proven. An unknown contact gets the same
// answer as a wrong password, in the same time. No transaction is open while a password is hashed.
package account

import (
	"slices"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/push"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// ContactRule is how sign-up treats a kind of contact.
type ContactRule string

// The rules.
const (
	// Verified contacts must be given and proven by a code.
	Verified ContactRule = "verified"
	// Required contacts must be given.
	Required ContactRule = "required"
	// Optional contacts may be given.
	Optional ContactRule = "optional"
	// Off contacts are not accepted, and nothing is sent to them.
	Off ContactRule = "off"
)

// Discovery is whether an answer may reveal that a contact belongs to an account.
type Discovery string

// The modes.
const (
	// Open reveals it at once: the duplicate check and sign-up refuse a contact of another account.
	Open Discovery = "open"
	// Private reveals nothing before a code has proven that the contact is the caller's.
	Private Discovery = "private"
)

// AdminRole is the role that cannot be chosen at sign-up.
const AdminRole = "admin"

// Rules are the rules for accounts.
type Rules struct {
	Email ContactRule `name:"sign-up-email" default:"verified" placeholder:"RULE" help:"E-mail at sign-up: verified, required, optional or off."`
	Phone ContactRule `name:"sign-up-phone" default:"optional" placeholder:"RULE" help:"Phone at sign-up: verified, required, optional or off."`
	// Discovery applies to every use-case.
	Discovery Discovery `name:"account-discovery" default:"open" placeholder:"MODE" help:"Whether an answer may reveal that an account exists before a code has proven the contact: open or private."`
	// Roles can be chosen at sign-up. AdminRole is never one of them.
	Roles []string `name:"roles" default:"trainee,trainer" placeholder:"ROLE" help:"Roles that users can choose at sign-up."`
	// PhoneRegion is the country of numbers without a country code, as ISO 3166-1 alpha-2.
	PhoneRegion string `name:"phone-region" default:"KR" placeholder:"REGION" help:"Country of phone numbers written without one (ISO 3166-1 alpha-2)."`
	// SMSCountries are the countries to which SMS are sent.
	SMSCountries []string `name:"sms-countries" default:"KR" placeholder:"REGION" help:"Countries that an SMS may be sent to."`
	// Passwords is made from the settings of package password.
	Passwords password.Policy `kong:"-"`
}

// Deps holds what a Service depends on.
type Deps struct {
	DB            *db.DB
	Rules         Rules
	Passwords     *password.Hasher
	Verifications *verification.Service
	Sessions      *session.Service
	Messages      *notify.Queue
	Sends         *notify.Sends
	Audit         *audit.Log
	Jobs          *jobs.Client
	Limits        *ratelimit.Limiter
	Devices       *push.Registry
	ReportLinks   session.ReportLinks
}

// Service runs the use-cases. Its methods may be called from many goroutines.
type Service struct {
	db            *db.DB
	q             *dbsqlc.Queries
	rules         Rules
	passwords     *password.Hasher
	verifications *verification.Service
	sessions      *session.Service
	messages      *notify.Queue
	sends         *notify.Sends
	audit         *audit.Log
	jobs          *jobs.Client
	limits        *ratelimit.Limiter
	devices       *push.Registry
	reportLinks   session.ReportLinks
}

// New returns a Service.
func New(d Deps) *Service {
	return &Service{
		db:            d.DB,
		q:             dbsqlc.New(),
		rules:         d.Rules,
		passwords:     d.Passwords,
		verifications: d.Verifications,
		sessions:      d.Sessions,
		messages:      d.Messages,
		sends:         d.Sends,
		audit:         d.Audit,
		jobs:          d.Jobs,
		limits:        d.Limits,
		devices:       d.Devices,
		reportLinks:   d.ReportLinks,
	}
}

// Rules returns the rules for accounts. The caller must not change them.
func (s *Service) Rules() Rules { return s.rules }

func (r Rules) role(role string) []fault.Violation {
	if slices.Contains(r.Roles, role) {
		return nil
	}
	return []fault.Violation{{Field: "role", Rule: "role.unknown", Message: "Choose one of the roles that the settings name."}}
}
