-- name: CreateSession :one
-- CreateSession creates a session in its user's generation. The caller holds the lock on the user's row. If the user has more
-- than @others other active sessions, it ends the oldest ones. That is one session at most, unless an earlier version has allowed
-- more.
WITH created AS (
    INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at,
                          access_expires_at, generation, sweep_at)
        SELECT sqlc.arg(id), u.id, sqlc.arg(amr), sqlc.arg(now)::timestamptz, sqlc.arg(user_agent), sqlc.arg(ip), sqlc.arg(now), sqlc.arg(expires_at), sqlc.arg(ends_at),
               sqlc.arg(access_expires_at)::timestamptz, u.session_generation, sqlc.arg(expires_at)
        FROM users u
        WHERE u.id = sqlc.arg(user_id)
        RETURNING *),
     ended AS (
         DELETE FROM sessions
             WHERE id IN (SELECT newest.id
                          FROM newest_sessions(sqlc.arg(user_id), sqlc.arg(others)::integer + 10, sqlc.arg(now)) WITH ORDINALITY AS newest (id, place)
                          WHERE newest.place > sqlc.arg(others)::integer)
             RETURNING id, coalesce(access_expires_at, ends_at) AS token_end)
SELECT created.*,
       (SELECT coalesce(array_agg(ended.id), '{}') FROM ended)::uuid[]           AS ended,
       (SELECT coalesce(max(ended.token_end), 'epoch') FROM ended)::timestamptz AS ended_token_end
FROM created;

-- name: RefreshSession :one
-- RefreshSession advances the counter of a session and extends the session, in one statement for all concurrent callers: those
-- that present the previous counter in time get the session as the first one has left it. No row means that the session cannot be
-- renewed with this counter.
UPDATE sessions s
SET refresh_counter   = s.refresh_counter + CASE WHEN s.refresh_counter = @counter::integer THEN 1 ELSE 0 END,
    refreshed_at      = CASE WHEN s.refresh_counter = @counter::integer THEN @now::timestamptz ELSE s.refreshed_at END,
    expires_at        = CASE WHEN s.refresh_counter = @counter::integer THEN least(@new_end::timestamptz, s.ends_at) ELSE s.expires_at END,
    access_expires_at = greatest(s.access_expires_at, @access_end::timestamptz),
    last_used_at      = greatest(s.last_used_at, @now::timestamptz),
    user_agent        = @user_agent,
    ip                = @ip
FROM users u
WHERE s.id = @id
  AND s.user_id = @user_id
  AND u.id = s.user_id
  AND u.disabled_at IS NULL
  AND s.generation = u.session_generation
  AND s.expires_at > @now::timestamptz
  AND (s.refresh_counter = @counter::integer OR s.refresh_counter - 1 = @counter::integer AND s.refreshed_at > @grace_start::timestamptz)
RETURNING s.*, u.role;

-- name: LockSession :one
-- LockSession locks a session that its user has not ended, after its user, until the transaction ends. It reports whether the
-- user is not disabled.
WITH owner AS MATERIALIZED (SELECT u.id, u.disabled_at, u.session_generation
                            FROM users u
                            WHERE u.id = @user_id
                                FOR KEY SHARE)
SELECT sqlc.embed(s), u.disabled_at
FROM owner u
         JOIN sessions s ON s.user_id = u.id AND s.generation = u.session_generation
WHERE s.id = @id
    FOR UPDATE OF s;

-- name: FindSession :one
-- FindSession returns the user of a session that is alive.
SELECT u.*
FROM sessions s
         JOIN users u ON u.id = s.user_id AND s.generation = u.session_generation
WHERE s.id = @id
  AND s.user_id = @user_id
  AND s.expires_at > @now::timestamptz;

-- name: GetSessionEnd :one
-- GetSessionEnd returns when a session that is alive expires unless it is renewed.
SELECT s.expires_at
FROM sessions s
         JOIN users u ON u.id = s.user_id AND s.generation = u.session_generation
WHERE s.id = @id
  AND s.user_id = @user_id
  AND s.expires_at > @now::timestamptz;

-- name: GetAuthenticationTime :one
-- GetAuthenticationTime returns when the user of a session that is alive last authenticated.
SELECT greatest(s.authenticated_at, s.reauthenticated_at)::timestamptz AS authenticated_at
FROM sessions s
         JOIN users u ON u.id = s.user_id AND s.generation = u.session_generation
WHERE s.id = @id
  AND s.user_id = @user_id
  AND s.expires_at > @now::timestamptz;

-- name: Reauthenticate :execrows
-- Reauthenticate records that the user of a session that is alive has authenticated again.
UPDATE sessions s
SET reauthenticated_at = @now::timestamptz
FROM users u
WHERE s.id = @id
  AND s.user_id = @user_id
  AND u.id = s.user_id
  AND s.generation = u.session_generation
  AND s.expires_at > @now::timestamptz;

-- name: ListSessions :many
-- ListSessions returns the active sessions of a user, the most recently used first. There are at most 100. If an earlier version
-- has allowed more, these are the newest.
SELECT s.*
FROM newest_sessions(@user_id, 100, @now) AS newest (id)
         JOIN sessions s ON s.id = newest.id
ORDER BY s.last_used_at DESC, s.created_at DESC, s.id DESC;

-- name: HasOtherSessions :one
-- HasOtherSessions reports whether a user has an active session besides the given one. It reads two: at least one of them is
-- another.
SELECT EXISTS (SELECT
               FROM sessions s
               WHERE s.id IN (SELECT newest_sessions(@user_id, 2, @now))
                 AND s.id <> @keep);

-- name: EndSession :one
-- EndSession ends one active session of a user.
DELETE
FROM sessions s
    USING users u
WHERE s.id = @id
  AND s.user_id = @user_id
  AND u.id = s.user_id
  AND s.generation = u.session_generation
RETURNING s.id, coalesce(s.access_expires_at, s.ends_at)::timestamptz AS access_expires_at;

-- name: StartGeneration :exec
-- StartGeneration ends every session of a user except the one to keep, which may be the nil UUID. Their rows stay. The kept
-- session moves to the new generation. Its id is recorded because its access tokens have the previous one.
--
-- Generations follow the time, in seconds since 2026. So after a restore, or a failover that has lost commits, the next
-- generation is higher than every generation in issued tokens, including those that the database has lost.
WITH former AS (SELECT u.id, u.session_generation
                FROM users u
                WHERE u.id = sqlc.arg(user_id)
                    FOR NO KEY UPDATE),
     started AS (
    UPDATE users u
        SET session_generation = greatest(former.session_generation + 1,
                                          extract(epoch FROM sqlc.arg(now)::timestamptz - timestamptz '2026-01-01 00:00:00Z')::integer),
            kept_session = sqlc.arg(keep)::uuid
        FROM former
        WHERE u.id = former.id
        RETURNING u.id, u.session_generation, former.session_generation AS former)
UPDATE sessions s
SET generation = started.session_generation
FROM started
WHERE s.id = sqlc.arg(keep)::uuid
  AND s.user_id = started.id
  AND s.generation = started.former;

-- name: DeleteSessions :many
-- DeleteSessions deletes the newest active sessions of a user, at most @most, except the one to keep.
DELETE
FROM sessions
WHERE id IN (SELECT newest_sessions(@user_id, @most, @now))
  AND id <> @keep
RETURNING id, coalesce(access_expires_at, ends_at)::timestamptz AS access_expires_at;

-- name: SweepSessions :one
-- SweepSessions processes sessions that are due: it deletes those that have expired, and sets the next time of the others. It
-- returns how many were due. It skips locked rows: it takes the rows of many users, and must not wait for any of them. The next
-- time of a renewed session is as long after its end as it lasts without being renewed. Setting it writes to every index, as a
-- renewal would if the sweep used the end itself; so the times are far apart.
WITH due AS MATERIALIZED (SELECT s.id, s.expires_at <= @now::timestamptz AS expired
                          FROM sessions s
                          WHERE s.sweep_at <= @now::timestamptz
                          ORDER BY s.sweep_at
                          LIMIT 1000 FOR UPDATE SKIP LOCKED),
     deleted AS (
         DELETE FROM sessions
             WHERE id = ANY (ARRAY(SELECT due.id FROM due WHERE due.expired))
                 AND expires_at <= @now::timestamptz),
     postponed AS (
         UPDATE sessions s
             SET sweep_at = least(s.ends_at, s.expires_at + (s.expires_at - coalesce(s.refreshed_at, s.authenticated_at)))
             WHERE s.id = ANY (ARRAY(SELECT due.id FROM due WHERE NOT due.expired)))
SELECT count(*)
FROM due;

-- name: FindSessionOwner :one
SELECT s.user_id
FROM sessions s
         JOIN users u ON u.id = s.user_id AND s.generation = u.session_generation
WHERE s.id = @id;

-- name: StoreReportHash :exec
-- StoreReportHash stores the hash of the short link about a session. The column's name is older than the query's.
UPDATE sessions
SET disown_hash = @disown_hash::bytea
WHERE id = @id;

-- name: FindSessionByReportHash :one
SELECT s.id
FROM sessions s
         JOIN users u ON u.id = s.user_id AND s.generation = u.session_generation
WHERE s.disown_hash = @disown_hash::bytea;
