// Package account is what people do with their accounts: signing up, signing in, looking at them. Each use-case stands in
// a file of its own, opens its own transaction, and refuses with a *fault.Error.
//
// What holds everywhere: codes, proofs and resets reach an account only by a contact that it has proven; an unknown contact
// costs the same time as a wrong password and gets the same answer; no transaction is open while a password is hashed.
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

// ContactRule says how a kind of contact is treated at sign-up.
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

// Discovery says whether an answer may tell that a contact belongs to an account.
type Discovery string

// The two ways.
const (
	// Open tells at once: the duplicate check and sign-up say that a contact is taken.
	Open Discovery = "open"
	// Private tells nothing before a code has proven that the contact is the caller's.
	Private Discovery = "private"
)

// AdminRole is the one role that nobody chooses.
const AdminRole = "admin"

// Rules is what accounts have to look like.
type Rules struct {
	Email ContactRule `name:"sign-up-email" default:"verified" placeholder:"RULE" help:"E-mail at sign-up: verified, required, optional or off."`
	Phone ContactRule `name:"sign-up-phone" default:"optional" placeholder:"RULE" help:"Phone at sign-up: verified, required, optional or off."`
	// Discovery holds for every use-case.
	Discovery Discovery `name:"account-discovery" default:"open" placeholder:"MODE" help:"Whether an answer may tell that an account exists before a code has proven the contact: open or private."`
	// Roles can be chosen at sign-up; it never holds AdminRole.
	Roles []string `name:"roles" default:"trainee,trainer" placeholder:"ROLE" help:"Roles that one can choose at sign-up."`
	// PhoneRegion is the country of numbers that are written without one, as ISO 3166-1 alpha-2.
	PhoneRegion string `name:"phone-region" default:"KR" placeholder:"REGION" help:"Country of phone numbers written without one (ISO 3166-1 alpha-2)."`
	// SMSCountries are the countries that may be sent to.
	SMSCountries []string `name:"sms-countries" default:"KR" placeholder:"REGION" help:"Countries that an SMS may be sent to."`
	// Passwords is made from the settings of package password.
	Passwords password.Policy `kong:"-"`
}

// Deps is what a Service works with.
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

// New makes a Service.
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

// Rules tells what accounts have to look like. The caller does not change it.
func (s *Service) Rules() Rules { return s.rules }

func (r Rules) role(role string) []fault.Violation {
	if slices.Contains(r.Roles, role) {
		return nil
	}
	return []fault.Violation{{Field: "role", Rule: "role.unknown", Message: "Choose one of the roles that the settings name."}}
}
