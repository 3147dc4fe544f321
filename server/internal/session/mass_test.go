package session_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// mass is one more than the log names individually, in the databases of these tests.
const mass = 1001

func setupMass(t *testing.T) *bundle {
	t.Helper()
	b := setup(t)
	b.exec(t, "CREATE OR REPLACE FUNCTION revocations_at_once() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1000::bigint'")
	return b
}

// An operator signs many users out by a statement. Replicas find out which of the users who call are among them.
func TestSE09_AMassOfEndedSessionsIsOneEntryOfTheLog(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{
		"deleted":   "DELETE FROM sessions WHERE user_agent = 'crowd'",
		"truncated": "TRUNCATE sessions CASCADE",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setupMass(t)
			r := b.tracedReplica(t)
			stays := b.readAccess(t, b.signIn(t, r.Service, b.newUser(t), session.Client{}))
			dead := b.crowd(t, mass, 3)
			b.exec(t, "UPDATE sessions SET user_agent = 'crowd' WHERE user_id = $1", uuid.UUID(b.user))
			for _, access := range append(dead, stays) {
				if !r.lets(t, access) {
					t.Fatal("a good token is refused")
				}
			}

			b.exec(t, end)
			if n := b.count(t, "SELECT count(*) FROM revocations WHERE session_id IS NOT NULL"); n != 1 {
				t.Errorf("the log has %d entries of sessions", n)
			}
			for _, access := range dead {
				r.dies(t, access)
				ctx, n := counted(t.Context())
				_, err := r.Check(ctx, access)
				if refused(t, err, sessionRevoked); n.Load() > 0 && r.Fresh() {
					t.Errorf("a second refusal costs %d statements", n.Load())
				}
			}
			if name == "truncated" {
				r.dies(t, stays)
				return
			}
			// The database is asked once about each session that still calls.
			await(t, "a session that is alive costs no statement again", func() bool {
				ctx, n := counted(t.Context())
				if _, err := r.Check(ctx, stays); err != nil {
					t.Fatal(err)
				}
				return n.Load() == 0
			})
			// What ends later is named again, and forgotten by those who were asked about it.
			r.end(t, stays)
			r.dies(t, stays)
			// When the last token of the mass has ended, memory is complete again.
			b.clock.Advance(accessTTL + 2*time.Second)
			later := b.readAccess(t, b.signIn(t, r.Service, b.newUser(t), session.Client{}))
			await(t, "a new session costs no more than its user", func() bool {
				ctx, n := counted(t.Context())
				if _, err := r.Check(ctx, later); err != nil {
					t.Fatal(err)
				}
				return n.Load() == 0
			})
		})
	}
}

// A statement that changes very many users, as a migration may, drops what replicas remember of any.
func TestSE04_AMassOfChangedUsersIsOneEntryOfTheLog(t *testing.T) {
	t.Parallel()
	b := setupMass(t)
	r := b.replica(t, usual).awaitFresh(t)
	access := b.guests(t, 1, []*replica{r})[0]
	b.exec(t, `INSERT INTO users (id, email, name, nickname, nickname_key, role, locale)
		SELECT gen_random_uuid(), 'u' || n || '@example.com', 'U', 'u' || n, 'u' || n, 'trainee', 'en' FROM generate_series(1, $1) n`, mass)
	b.exec(t, "UPDATE users SET name = 'Countess of Lovelace'")
	await(t, "the change is read", func() bool {
		user, err := r.Check(t.Context(), access)
		return err == nil && user.Name == "Countess of Lovelace"
	})
	if n := b.count(t, "SELECT count(*) FROM revocations WHERE session_id IS NULL"); n != 1 {
		t.Errorf("the log has %d entries of users", n)
	}
}

// TRUNCATE of the users leaves their sessions to the background, and admits no user.
func TestSE09_TruncatedUsersReachTheLog(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.replica(t, usual).awaitFresh(t)
	access := b.guests(t, 1, []*replica{r})[0]
	b.exec(t, "TRUNCATE users CASCADE")
	r.dies(t, access)
	if n := b.count(t, "SELECT count(*) FROM erasures"); n != 1 {
		t.Errorf("%d users wait to be erased", n)
	}
}
