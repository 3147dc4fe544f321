-- name: CreateSession :one
-- CreateSession makes a session of its user's generation. The caller holds the user's row. Of the sessions that are alive
-- beside @others, the oldest end; more than one of them only where an earlier version has let them grow in number.
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
-- RefreshSession moves the counter of a session on and keeps it alive, in one step for as many callers as there are: those
-- that come with the counter before, soon enough, find the session as the first one has left it. No row means that it
-- cannot be renewed with this counter.
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
-- LockSession holds a session that its user has not ended until the transaction ends, after its user, and reports whether
-- the user may act.
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
-- GetSessionEnd returns when a session that is alive ends unless it is renewed.
SELECT s.expires_at
FROM sessions s
         JOIN users u ON u.id = s.user_id AND s.generation = u.session_generation
WHERE s.id = @id
  AND s.user_id = @user_id
  AND s.expires_at > @now::timestamptz;

-- name: GetAuthenticationTime :one
-- GetAuthenticationTime returns when the user of a session that is alive last proved who they are.
SELECT greatest(s.authenticated_at, s.reauthenticated_at)::timestamptz AS authenticated_at
FROM sessions s
         JOIN users u ON u.id = s.user_id AND s.generation = u.session_generation
WHERE s.id = @id
  AND s.user_id = @user_id
  AND s.expires_at > @now::timestamptz;

-- name: Reauthenticate :execrows
-- Reauthenticate notes that the user of a session that is alive has proved again who they are.
UPDATE sessions s
SET reauthenticated_at = @now::timestamptz
FROM users u
WHERE s.id = @id
  AND s.user_id = @user_id
  AND u.id = s.user_id
  AND s.generation = u.session_generation
  AND s.expires_at > @now::timestamptz;

-- name: ListSessions :many
-- ListSessions returns the sessions of a user that are alive, the last used first. They are at most 100, but where an
-- earlier version has let them grow in number: then these are the newest.
SELECT s.*
FROM newest_sessions(@user_id, 100, @now) AS newest (id)
         JOIN sessions s ON s.id = newest.id
ORDER BY s.last_used_at DESC, s.created_at DESC, s.id DESC;

-- name: HasOtherSessions :one
-- HasOtherSessions reports whether a user has sessions that are alive beside one: of any two, one is another.
SELECT EXISTS (SELECT
               FROM sessions s
               WHERE s.id IN (SELECT newest_sessions(@user_id, 2, @now))
                 AND s.id <> @keep);

-- name: EndSession :one
-- EndSession ends one session of a user that is alive.
DELETE
FROM sessions s
    USING users u
WHERE s.id = @id
  AND s.user_id = @user_id
  AND u.id = s.user_id
  AND s.generation = u.session_generation
RETURNING s.id, coalesce(s.access_expires_at, s.ends_at)::timestamptz AS access_expires_at;

-- name: StartGeneration :exec
-- StartGeneration ends every session of a user but the one to keep, which may be the nil UUID. Their rows stay. The kept
-- session moves on to the new generation; which one it is, is noted for the sake of its access tokens, which tell the one
-- before. Generations follow the time, in seconds since 2026: after a restore, or a failover that has lost commits, the next
-- one is above every generation that tokens tell of which the database knows nothing any more.
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
-- DeleteSessions deletes the newest sessions of a user that are alive, at most so many, but not the one to keep.
DELETE
FROM sessions
WHERE id IN (SELECT newest_sessions(@user_id, @most, @now))
  AND id <> @keep
RETURNING id, coalesce(access_expires_at, ends_at)::timestamptz AS access_expires_at;

-- name: SweepSessions :one
-- SweepSessions looks at sessions whose turn it is: it deletes those that have expired, and sets the next turn of the
-- others. It returns how many it has looked at. It passes over rows that are locked: it takes the rows of many users, and
-- waits for none of them. A session that was renewed gets its next turn as long after its end as it lives without being
-- renewed. A turn writes to every index, as a renewal would if the sweep went by its end; so turns are far apart.
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
