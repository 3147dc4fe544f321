-- name: CreateSession :one
INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, access_expires_at)
VALUES (@id, @user_id, @amr, @now, @user_agent, @ip, @now, @expires_at, @ends_at, @access_expires_at)
RETURNING *;

-- name: RefreshSession :one
-- RefreshSession moves the counter of a session on and keeps it alive, in one step for as many callers as there are: those
-- that come with the counter before, within the grace, find the session as the first one has left it. No row means that it
-- cannot be renewed with this counter.
UPDATE sessions s
SET refresh_counter   = s.refresh_counter + CASE WHEN s.refresh_counter = @counter::integer THEN 1 ELSE 0 END,
    refreshed_at      = CASE WHEN s.refresh_counter = @counter::integer THEN @now::timestamptz ELSE s.refreshed_at END,
    expires_at        = CASE WHEN s.refresh_counter = @counter::integer THEN least(@new_end::timestamptz, s.ends_at) ELSE s.expires_at END,
    access_expires_at = greatest(s.access_expires_at, @access_end::timestamptz),
    last_used_at      = greatest(s.last_used_at, @now::timestamptz),
    user_agent        = @user_agent,
    ip                = @ip
FROM users
WHERE s.id = @id
  AND s.user_id = @user_id
  AND users.id = s.user_id
  AND users.disabled_at IS NULL
  AND s.expires_at > @now::timestamptz
  AND (s.refresh_counter = @counter::integer OR s.refresh_counter - 1 = @counter::integer AND s.refreshed_at > @grace_start::timestamptz)
RETURNING s.*, users.role;

-- name: LockSession :one
-- LockSession holds a session until the transaction ends, after its user, and tells whether the user may act.
WITH owner AS MATERIALIZED (SELECT u.id, u.disabled_at FROM users u WHERE u.id = @user_id FOR KEY SHARE)
SELECT sqlc.embed(s), owner.disabled_at
FROM owner
         JOIN sessions s ON s.user_id = owner.id
WHERE s.id = @id
    FOR UPDATE OF s;

-- name: FindSession :one
-- FindSession gives the user of a session that lives.
SELECT users.*
FROM sessions
         JOIN users ON users.id = sessions.user_id
WHERE sessions.id = @id
  AND sessions.user_id = @user_id
  AND sessions.expires_at > @now::timestamptz;

-- name: ListSessions :many
-- ListSessions gives the sessions of a user that live, the last used first.
SELECT *
FROM sessions
WHERE user_id = @user_id
  AND expires_at > @now::timestamptz
ORDER BY last_used_at DESC, id DESC
LIMIT 100;

-- name: EndSession :one
-- EndSession ends one session of a user.
DELETE
FROM sessions
WHERE id = @id
  AND user_id = @user_id
RETURNING id, coalesce(access_expires_at, ends_at)::timestamptz AS access_expires_at;

-- name: EndSessions :many
-- EndSessions ends the sessions of a user, except one.
DELETE
FROM sessions
WHERE user_id = @user_id
  AND id <> @keep
RETURNING id, coalesce(access_expires_at, ends_at)::timestamptz AS access_expires_at;

-- name: SweepSessions :execrows
DELETE
FROM sessions
WHERE ctid = ANY (ARRAY(SELECT s.ctid FROM sessions s WHERE s.expires_at < @before::timestamptz ORDER BY s.expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND expires_at < (SELECT @before::timestamptz);

-- name: FindSessionOwner :one
SELECT user_id
FROM sessions
WHERE id = @id;

-- name: KeepDisownHash :exec
-- KeepDisownHash lets a session be found by the short link about it.
UPDATE sessions
SET disown_hash = @disown_hash::bytea
WHERE id = @id;

-- name: FindSessionByDisownHash :one
SELECT id
FROM sessions
WHERE disown_hash = @disown_hash::bytea;

-- name: HasOtherSessions :one
-- HasOtherSessions reports whether a user has a session that lives, besides one.
SELECT EXISTS (SELECT
               FROM sessions s
               WHERE s.user_id = @user_id
                 AND s.id <> @keep
                 AND s.expires_at > @now::timestamptz);
