// Package admin has the use-cases of AdminService, by which administrators manage the accounts of other users. Each change is
// recorded as an event of the account, with the administrator as its actor. Reading is not recorded.
package admin

import (
	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/push"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// Deps holds what a Service depends on.
type Deps struct {
	DB *db.DB
	// Roles are the roles that users can choose at sign-up.
	Roles    []string
	Sessions *session.Service
	Messages *notify.Queue
	Sends    *notify.Sends
	Limits   *ratelimit.Limiter
	Devices  *push.Registry
}

// Service runs the use-cases. Its methods may be called from many goroutines.
type Service struct {
	db       *db.DB
	q        *dbsqlc.Queries
	roles    []string
	sessions *session.Service
	messages *notify.Queue
	sends    *notify.Sends
	limits   *ratelimit.Limiter
	devices  *push.Registry
}

// New returns a Service.
func New(d Deps) *Service {
	return &Service{
		db: d.DB, q: dbsqlc.New(), roles: d.Roles, sessions: d.Sessions, messages: d.Messages, sends: d.Sends, limits: d.Limits, devices: d.Devices,
	}
}
