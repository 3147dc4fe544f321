package session_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/redistest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// pair is two replicas with a Redis between them. The far one gets nothing from Postgres in less than distance.
type pair struct {
	*bundle
	t         *testing.T
	redis     *redistest.Server
	near, far *replica
}

const distance = 300 * time.Millisecond

func withRedis(url string) session.Config {
	cfg := usual
	cfg.RedisURL = secret.NewText(url)
	return cfg
}

func newPair(t *testing.T, redis *redistest.Server) *pair {
	t.Helper()
	p := &pair{bundle: setup(t), t: t, redis: redis}
	proxy, url := dbtest.Before(t, p.url())
	p.near = p.replica(t, withRedis(redis.URL())).awaitFresh(t)
	p.far = p.replicaAt(t, db.Config{URL: db.URL(url), MaxConns: 4, Clock: p.clock.Now}, withRedis(redis.URL())).awaitFresh(t)
	// Connecting takes several trips; the calls to come need not pay for it.
	if err := p.far.db.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	proxy.Delay(distance)
	return p
}

// awaitRedis waits until both replicas get each other's messages.
func (p *pair) awaitRedis() {
	p.t.Helper()
	await(p.t, "both replicas have subscribed", func() bool {
		return strings.HasSuffix(p.redis.Do("PUBSUB NUMSUB "+session.Channel), ":2\r\n")
	})
}

// revokes ends sessions at the near replica, and returns the median of how long they stay valid at the far one.
func (p *pair) revokes(n int) time.Duration {
	p.t.Helper()
	var took []time.Duration
	for _, access := range p.guests(p.t, n, []*replica{p.near, p.far}) {
		p.near.end(p.t, access)
		took = append(took, p.far.outlives(p.t, access, db.StartStopwatch()))
		p.t.Cleanup(func() {
			if p.far.lets(p.t, access, sessionRevoked) || p.near.lets(p.t, access, sessionRevoked) {
				p.t.Error("a revoked token is back")
			}
		})
	}
	return rank(took, 0.5)
}

func (p *pair) revokesByRedis() {
	p.t.Helper()
	if median := p.revokes(9); median >= distance {
		p.t.Errorf("with Redis it takes %v: Postgres alone was as quick", median)
	} else {
		p.t.Logf("by Redis: median %v", median)
	}
}

func TestRedisIsAheadOfTheLog(t *testing.T) {
	t.Parallel()
	p := newPair(t, redistest.Start(t))
	p.awaitRedis()
	p.revokesByRedis()
}

func TestRedisClusterIsAheadOfTheLog(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t, "--cluster-enabled", "yes")
	redis.Do("CLUSTER ADDSLOTSRANGE 0 16383")
	await(t, "the cluster works", func() bool { return strings.Contains(redis.Do("CLUSTER INFO"), "cluster_state:ok") })
	p := newPair(t, redis)
	p.awaitRedis()
	p.revokesByRedis()
}

// Each revocation is checked again when the test ends: none may have been undone.
func TestSE09_LosingRedisLosesNothing(t *testing.T) {
	t.Parallel()
	p := newPair(t, redistest.Start(t))
	p.awaitRedis()
	p.revokesByRedis()

	p.redis.Do("FLUSHALL")
	p.revokesByRedis()

	p.redis.Stop()
	t.Logf("without Redis: median %v", p.revokes(2))
	p.near.log.awaits(t, 1, "WARN Redis is away")
	p.far.log.awaits(t, 1, "WARN Redis is away")

	p.redis.StartAgain()
	p.awaitRedis()
	p.revokesByRedis()
	for _, r := range []*replica{p.near, p.far} {
		r.log.awaits(t, 1, "INFO Redis is back")
		if n := r.log.count("Redis is away"); n != 1 {
			t.Errorf("one loss is logged %d times", n)
		}
	}
}

func TestSE09_RedisNeedNotBeThereAtTheStart(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	redis.Stop()
	p := newPair(t, redis)
	p.near.log.awaits(t, 1, "WARN Redis is away")
	p.revokes(2)
	redis.StartAgain()
	p.awaitRedis()
	p.revokesByRedis()
}

// Sign-outs do not wait for a Redis that does not answer.
func TestSE09_ABlackHoleInRedisStopsNothing(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	proxy := dbtest.NewProxy(t, redis.Address)
	b := setup(t)
	near := b.replica(t, withRedis("redis://"+proxy.Address)).awaitFresh(t)
	far := b.replica(t, withRedis("redis://"+proxy.Address)).awaitFresh(t)
	p := &pair{bundle: b, t: t, redis: redis, near: near, far: far}
	p.awaitRedis()
	proxy.Swallow(dbtest.All)
	began := db.StartStopwatch()
	p.revokes(30)
	if took := began.Elapsed(); took > patience/2 {
		t.Errorf("thirty sign-outs took %v", took)
	}
	near.log.awaits(t, 1, "WARN Redis is away")
	proxy.Pass()
	proxy.Cut(dbtest.All)
	p.awaitRedis()
	p.revokes(2)
}

// Write access to Redis allows to sign users out for some time, and no more.
func TestSE09_WhatStandsInRedisIsNotBelieved(t *testing.T) {
	t.Parallel()
	p := newPair(t, redistest.Start(t))
	p.awaitRedis()
	guests := p.guests(t, 2, []*replica{p.near, p.far})
	revoked, slandered := guests[0], guests[1]
	p.near.end(t, revoked)
	p.far.outlives(t, revoked, db.StartStopwatch())

	for _, garbage := range []string{
		"hello", `""`, "{", "[]", "null", "{}", `'{"ended":7}'`, `'{"ended":{"ses_x":1}}'`, `'{"ended":{"` + revoked.Session.String() + `":"soon"}}'`,
		`'{"changed":["nobody"]}'`, `'{"changed":null,"ended":null,"later":true}'`, `"\x00\xff\xfe"`, strings.Repeat("9", 60_000),
	} {
		if answer := p.redis.Do("PUBLISH " + session.Channel + " " + garbage); !strings.HasPrefix(answer, ":2") {
			t.Fatalf("publish %.40s: %s", garbage, answer)
		}
	}
	// A revoked session has an early end, and an active one a late end.
	p.redis.Do(fmt.Sprintf(`PUBLISH %s '{"ended":{"%s":1,"%s":%d}}'`, session.Channel, revoked.Session, slandered.Session, int64(1)<<40))
	await(t, "the message is received", func() bool { return !p.far.lets(t, slandered, sessionRevoked) })

	// The log has the true end within a second, and ten minutes do not pass in this test.
	heard := db.StartStopwatch()
	await(t, "the log was read", func() bool { return heard.Elapsed() > promise && p.far.Fresh() })
	p.clock.Advance(21 * time.Minute)
	await(t, "what was only said in Redis is forgotten", func() bool { return p.far.lets(t, slandered, sessionRevoked) })
	if p.far.lets(t, revoked, sessionRevoked) {
		t.Error("a message in Redis has brought a revoked token back")
	}
	p.revokesByRedis()
}

func TestAWrongRedisURLStopsTheStart(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"hello", "localhost:6379", "redis:6379", "http://:hunter2@localhost:6379", "redis://user:hunter2@", "redis://u:hunter2@host:port:6379",
		"redis://u:hunter2@host:6379/hunter2", "redis://u:hunter2@host:6379/0/1", "rediss://u:hunter2@host:6379?skip_verify=hunter2",
		"redis://u:hunter2@host:63x9", "redis://u:hunter2%zz@host", "unix://",
	} {
		_, err := session.New(session.Deps{DB: &db.DB{}, Log: slog.New(slog.DiscardHandler)}, withRedis(url))
		if err == nil {
			t.Errorf("%s is accepted", url)
		} else if strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "redis://user:password@host:6379") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// An error that shows only when Redis is reachable does not stop the server. The log line does not contain the password.
func TestAWrongRedisPasswordIsReported(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t, "--requirepass", "opensesame")
	b := setup(t)
	for name, url := range map[string]string{
		"another password": "redis://:hunter2@" + redis.Address,
		"TLS without TLS":  "rediss://:hunter2@" + redis.Address,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := b.replica(t, withRedis(url)).awaitFresh(t)
			r.log.awaits(t, 1, "WARN Redis is away")
			if r.log.count("hunter2") > 0 {
				t.Error("the log has the password")
			}
			if access := b.guests(t, 1, []*replica{r})[0]; !r.lets(t, access) {
				t.Error("no user is admitted")
			}
		})
	}
}

// A user of Redis 7 may subscribe to no channel by default (acl-pubsub-default). That is one loss, logged once.
func TestARedisThatRefusesSubscriptionsIsLoggedOnce(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t)
	if answer := redis.Do("ACL SETUSER latchkey on >opensesame ~* resetchannels +@all"); !strings.HasPrefix(answer, "+OK") {
		t.Skipf("this Redis knows no channels in its access lists: %s", answer)
	}
	r := setup(t).replica(t, withRedis("redis://latchkey:opensesame@"+redis.Address))
	r.log.awaits(t, 1, "WARN Redis is away")
	tries := db.StartStopwatch()
	await(t, "it has tried again", func() bool { return tries.Elapsed() > 2*session.RedisRetry })
	if away, back := r.log.count("Redis is away"), r.log.count("Redis is back"); away != 1 || back != 0 {
		t.Errorf("it is away %d times and back %d times", away, back)
	}
	redis.Do("ACL SETUSER latchkey allchannels")
	r.log.awaits(t, 1, "INFO Redis is back")
}
