// Package session keeps sign-ins: one row is one sign-in on one device. A session is made by each authentication anew;
// nothing that a caller sends is ever adopted as one.
//
// A good token costs no statement, and is worth nothing within a second of its session's end, on every replica. The
// database writes down, in the transaction that ends a session or changes a user, that it did. Each replica reads this log
// as it grows, is woken when it does, and remembers what it needs to: the sessions that have ended while a token of theirs
// may still live. A replica that has not read the log for most of a second asks the database about each call instead.
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

// Config says how long sessions live (OWASP ASVS 5.0 7.3.1 and 7.3.2).
type Config struct {
	// RefreshTTL is how long a session lives without being renewed.
	RefreshTTL time.Duration `name:"refresh-token-ttl" default:"168h" placeholder:"DURATION" help:"How long a session lives without being used."`
	// MaxAge is how long it lives however often it is renewed.
	MaxAge time.Duration `name:"session-max-age" default:"720h" placeholder:"DURATION" help:"How long a session lives however often it is used."`
	// RefreshGrace is how long the refresh token before the last one is honoured without a word: calls that were made at the
	// same time come with it.
	RefreshGrace time.Duration `name:"refresh-grace" default:"30s" placeholder:"DURATION" help:"How long the refresh token before the last one is honoured, for parallel calls."`
	// RefreshRetryWindow is how long it is honoured in all, while the last one was not used to refresh: the answer that
	// brought it may have been lost. A use after the grace is noted in the account's activity. Less than the grace counts as
	// the grace.
	RefreshRetryWindow time.Duration `name:"refresh-retry-window" default:"10m" placeholder:"DURATION" help:"How long it is honoured in all while the last one was never used, for clients that lost an answer; what comes after the grace is noted in the activity."`
	// RedisURL names a Redis or Valkey that carries news between replicas; empty for none.
	RedisURL secret.Text `name:"redis-url" placeholder:"URL" secret:"url" help:"Redis or Valkey that carries revocations between replicas; Postgres does it alone when empty."`
}

// Deps is what a Service works with.
type Deps struct {
	DB     *db.DB
	Tokens *token.Issuer
	Audit  *audit.Log
	Log    *slog.Logger
}

// Service keeps sessions. Its methods may be called from many goroutines.
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

// New makes a Service. Until Run it knows nothing of what other replicas do, and asks the database.
func New(d Deps, cfg Config) (*Service, error) {
	s := &Service{
		db:     d.DB,
		q:      dbsqlc.New(),
		tokens: d.Tokens,
		audit:  d.Audit,
		cfg:    cfg,
		denied: newDenyList(),
		// An answer is good until news say otherwise; the time is for sessions that do not call any more.
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

// maxConfirmed bounds the sessions that the database has confirmed for while memory does not know all that have ended; some 10 MB
// when full.
const maxConfirmed = 100_000

// Run keeps up with what other replicas do, until the context ends.
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

// Client is where a call comes from.
type Client struct {
	UserAgent string
	IP        string
}

const maxUserAgent = 512

// NewClient takes what a request says about itself, cut to a text that the database can store.
func NewClient(userAgent, ip string) Client {
	return Client{UserAgent: sanitize(userAgent, maxUserAgent), IP: ip}
}
