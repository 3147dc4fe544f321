// Package session manages sessions. A session is one sign-in on one device, and one row. Every authentication creates a new
// session; a session is never taken from a request.
//
// Checking a valid token runs no SQL. A token stops working on every replica within a second of its session's end. The
// transaction that ends a session or changes a user also writes to a log. Each replica reads this log when notified, and keeps a
// deny list of ended sessions whose tokens may still be valid. A replica that has not read the log for most of a second asks the
// database about each call instead.
package session

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Config holds the lifetimes of sessions (OWASP ASVS 5.0 7.3.1 and 7.3.2).
type Config struct {
	// RefreshTTL is how long a session lasts without being renewed.
	RefreshTTL time.Duration `name:"refresh-token-ttl" default:"168h" placeholder:"DURATION" help:"How long a session is valid without being used."`
	// MaxAge is how long a session lasts however often it is renewed.
	MaxAge time.Duration `name:"session-max-age" default:"720h" placeholder:"DURATION" help:"How long a session is valid, however often it is used."`
	// RefreshGrace is how long the previous refresh token is accepted without an entry in the activity. Concurrent calls present
	// it.
	RefreshGrace time.Duration `name:"refresh-grace" default:"30s" placeholder:"DURATION" help:"How long the previous refresh token is accepted, for parallel calls."`
	// RefreshRetryWindow is how long the previous refresh token is accepted in total while the current one was not used to
	// refresh: the response with it may have been lost. A use after the grace adds an entry to the activity. A window shorter
	// than the grace counts as the grace.
	RefreshRetryWindow time.Duration `name:"refresh-retry-window" default:"10m" placeholder:"DURATION" help:"How long the previous refresh token is accepted while its successor is unused, for clients that lost an answer. A use after the grace is recorded in the activity."`
	// RedisURL names a Redis or Valkey that carries changes between replicas; empty for none.
	RedisURL secret.Text `name:"redis-url" placeholder:"URL" secret:"url" help:"Redis or Valkey that carries revocations between replicas; Postgres does it alone when empty."`
}

// Deps holds what a Service depends on.
type Deps struct {
	DB     *db.DB
	Tokens *token.Issuer
	Audit  *audit.Log
	Log    *slog.Logger
}

// Service manages sessions. Its methods may be called from many goroutines.
type Service struct {
	db     *db.DB
	q      *dbsqlc.Queries
	tokens *token.Issuer
	audit  *audit.Log
	cfg    Config

	denied    *denyList
	confirmed *cache[id.Session, struct{}]
	users     *userCache
	feed      *feed
	// fanout is nil without Redis.
	fanout *fanout
}

// New returns a Service. Until Run is called, it does not know what other replicas do, and asks the database.
func New(d Deps, cfg Config) (*Service, error) {
	s := &Service{
		db:     d.DB,
		q:      dbsqlc.New(),
		tokens: d.Tokens,
		audit:  d.Audit,
		cfg:    cfg,
		denied: newDenyList(),
		// Entries are invalidated by changes. The TTL removes sessions that make no more calls.
		confirmed: newCache[id.Session, struct{}](maxConfirmed, usersTTL),
		users:     newUserCache(d.DB),
	}
	s.feed = &feed{db: d.DB, q: s.q, log: d.Log, apply: s.apply, behind: true, uptime: db.StartStopwatch()}
	if cfg.RedisURL.Empty() {
		return s, nil
	}
	var err error
	s.fanout, err = newFanout(cfg.RedisURL, d.DB.Clock, d.Log)
	return s, err
}

// maxConfirmed bounds the sessions confirmed by the database while the deny list is incomplete; some 10 MB when full.
const maxConfirmed = 100_000

// Run follows the changes of other replicas until the context ends.
func (s *Service) Run(ctx context.Context) {
	defer s.users.close()
	defer s.confirmed.close()
	var work sync.WaitGroup
	work.Go(func() { s.feed.run(ctx) })
	if s.fanout != nil {
		work.Go(func() { s.fanout.run(ctx, s.apply) })
	}
	work.Wait()
}

// Client describes the client of a call.
type Client struct {
	UserAgent string
	IP        string
	// RequestID is the call's name in the access log and in errors.
	RequestID string
}

const maxUserAgent = 512

// NewClient returns the client of a request, with texts sanitized for the database.
func NewClient(userAgent, ip, requestID string) Client {
	return Client{UserAgent: sanitize(userAgent, maxUserAgent), IP: ip, RequestID: requestID}
}
