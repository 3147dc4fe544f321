package account_test

import (
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const tokenExpired = latchkeyv1.Reason_REASON_TOKEN_EXPIRED

// ending is an act that invalidates a token. Ada acts, or an administrator; the token is that of another device, or her own.
type ending struct {
	// prepare returns the act and the person whose token it invalidates.
	prepare func(env *latchkeytest.Env, admin, ada *latchkeytest.Person) (deed func(), victim *latchkeytest.Person)
	want    latchkeyv1.Reason
	// also is another reason that a call may get at the same time.
	also latchkeyv1.Reason
	// lives is set if the session continues with other tokens.
	lives bool
}

var endings = map[string]ending{
	"signs-out": {want: sessionRevoked, prepare: func(_ *latchkeytest.Env, _, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		return ada.SignsOut, ada
	}},
	"revokes-a-session": {want: sessionRevoked, prepare: func(_ *latchkeytest.Env, _, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		twin := ada.Twin()
		session := twin.Session()
		return func() { ada.RevokesSession(session) }, twin
	}},
	"revokes-the-others": {want: sessionRevoked, prepare: func(_ *latchkeytest.Env, _, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		twin := ada.Twin()
		return ada.RevokesOtherSessions, twin
	}},
	"changes-the-password": {want: sessionRevoked, prepare: func(_ *latchkeytest.Env, _, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		twin := ada.Twin()
		return func() { ada.ChangesPassword("Another-horse2") }, twin
	}},
	"resets-the-password": {want: sessionRevoked, prepare: func(_ *latchkeytest.Env, _, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		proof := ada.ProvesEmail(latchkeyv1.Purpose_PURPOSE_RESET_PASSWORD)
		return func() { ada.ResetsPassword(proof, "Another-horse2") }, ada
	}},
	"is-disabled": {want: sessionRevoked, also: accountDisabled, prepare: func(_ *latchkeytest.Env, admin, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		return func() { admin.Disables(ada) }, ada
	}},
	"is-signed-out": {want: sessionRevoked, prepare: func(_ *latchkeytest.Env, admin, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		return func() { admin.EndsSessionsOf(ada) }, ada
	}},
	"changes-role": {want: tokenExpired, lives: true, prepare: func(_ *latchkeytest.Env, admin, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		return func() { admin.SetsRole(ada, "trainer") }, ada
	}},
	"deletes-the-account": {want: sessionRevoked, prepare: func(_ *latchkeytest.Env, _, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		return ada.DeletesAccount, ada
	}},
	"statement-deletes": {want: sessionRevoked, prepare: func(env *latchkeytest.Env, _, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
		return func() {
			if _, err := env.DB.Exec(env.T.Context(), "DELETE FROM users WHERE email = $1", ada.Mailbox); err != nil {
				env.T.Error(err)
			}
		}, ada
	}},
	"statement-disables": {
		want: accountDisabled,
		prepare: func(env *latchkeytest.Env, _, ada *latchkeytest.Person) (func(), *latchkeytest.Person) {
			return func() {
				if _, err := env.DB.Exec(env.T.Context(), "UPDATE users SET disabled_at = now() WHERE email = $1", ada.Mailbox); err != nil {
					env.T.Error(err)
				}
			}, ada
		},
	},
}

// tale is an ending that is about to happen.
type tale struct {
	ending
	deed   func()
	victim *latchkeytest.Person
}

// tales prepares everything at once: most of it is waiting for mail.
func tales(env *latchkeytest.Env) []tale {
	env.T.Helper()
	admin := env.Administrator("admin@example.com")
	var (
		mu    sync.Mutex
		all   []tale
		eager sync.WaitGroup
	)
	for what, e := range endings {
		eager.Go(func() {
			ada := env.Person(what + "@example.com")
			ada.SignsUp()
			deed, victim := e.prepare(env, admin, ada)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, tale{e, deed, victim})
		})
	}
	eager.Wait()
	if len(all) != len(endings) {
		env.T.FailNow()
	}
	return all
}

// Three replicas on one database, and every way in which a token ends, all at the same moment.
func TestSE04_WhatEndsATokenReachesEveryReplicaWithinASecond(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(p *dbtest.Proxy){
		"healthy":        func(*dbtest.Proxy) {},
		"a black hole":   func(p *dbtest.Proxy) { p.Swallow(dbtest.Listening) },
		"nothing passes": func(p *dbtest.Proxy) { p.Swallow(dbtest.All) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t)
			all := tales(env)
			// Not before: a replica would send some of the mails, and keep them to itself.
			proxy, url := dbtest.Before(t, env.DB.Config().ConnString())
			replicas := []*latchkeytest.Env{env, env.Replica(), env.ReplicaAt(url)}
			for _, s := range all {
				for _, r := range replicas {
					s.victim.At(r).SeesProfile()
				}
			}
			happens(proxy)
			var ends sync.WaitGroup
			for _, s := range all {
				ends.Go(func() {
					s.deed()
					done := db.StartStopwatch()
					for _, r := range replicas {
						ends.Go(func() { s.victim.At(r).LosesTokenWithin(time.Second, done, s.want, s.also) })
					}
				})
			}
			ends.Wait()
			proxy.Pass()
			proxy.Cut(dbtest.All)
			for _, s := range all {
				s.afterwards(t, replicas)
			}
		})
	}
}

// afterwards the refresh token is as good as the access token was, at each replica.
func (s tale) afterwards(t *testing.T, replicas []*latchkeytest.Env) {
	t.Helper()
	for _, r := range replicas {
		there := s.victim.At(r)
		if !s.lives {
			there.AwaitsRefresh(s.want)
			continue
		}
		there.AwaitsRefresh(success)
		if role := there.SeesProfile().GetRole(); role != "trainer" {
			t.Errorf("the role is %s", role)
		}
	}
}
