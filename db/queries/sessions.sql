-- name: CreateSession :one
-- CreateSession makes a session of its user's generation. The caller holds the user's row. Of the sessions that are alive
-- beside @others, the oldest end; more than one of them only where an earlier version has let them grow in number.
WITH created AS (
    INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at,
                          access_expires_at, generation, sweep_at)
        SELECT @id, u.id, @amr, @now::timestamptz, @user_agent, @ip, @now, @expires_at, @ends_at,
               @access_expires_at::timestamptz, u.session_generation, @expires_at
        FROM users u
        WHERE u.id = @user_id
        RETURNING *),
     ended AS (
         DELETE FROM sessions
             WHERE id IN (SELECT s.id
                          FROM sessions s
                                   JOIN users u ON u.id = s.user_id AND (s.generation = u.session_generation OR s.id = u.kept_session)
                          WHERE s.user_id = @user_id
                            AND s.expires_at > @now::timestamptz
                          ORDER BY s.created_at DESC, s.id DESC
                          OFFSET @others::integer LIMIT 10)
             RETURNING id, coalesce(access_expires_at, ends_at) AS token_end)
SELECT created.*,
       (SELECT coalesce(array_agg(ended.id), '{}') FROM ended)::uuid[]           AS ended,
       (SELECT coalesce(max(ended.token_end), 'epoch') FROM ended)::timestamptz AS ended_token_end
FROM created;

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
FROM users u
WHERE s.id = @id
  AND s.user_id = @user_id
  AND u.id = s.user_id
  AND u.disabled_at IS NULL
  AND (s.generation = u.session_generation OR s.id = u.kept_session)
  AND s.expires_at > @now::timestamptz
  AND (s.refresh_counter = @counter::integer OR s.refresh_counter - 1 = @counter::integer AND s.refreshed_at > @grace_start::timestamptz)
RETURNING s.*, u.role;

-- name: LockSession :one
-- LockSession holds a session that its user has not ended until the transaction ends, after its user, and reports whether
-- the user may act.
WITH owner AS MATERIALIZED (SELECT u.id, u.disabled_at, u.session_generation, u.kept_session
                            FROM users u
                            WHERE u.id = @user_id
                                FOR KEY SHARE)
SELECT sqlc.embed(s), u.disabled_at
FROM owner u
         JOIN sessions s ON s.user_id = u.id AND (s.generation = u.session_generation OR s.id = u.kept_session)
WHERE s.id = @id
    FOR UPDATE OF s;

-- name: FindSession :one
-- FindSession returns the user of a session that is alive.
SELECT u.*
FROM sessions s
         JOIN users u ON u.id = s.user_id AND (s.generation = u.session_generation OR s.id = u.kept_session)
WHERE s.id = @id
  AND s.user_id = @user_id
  AND s.expires_at > @now::timestamptz;

-- name: ListSessions :many
-- ListSessions returns the sessions of a user that are alive, the last used first. They are at most 100, but where an
-- earlier version has let them grow in number: then these are the newest.
SELECT newest.*
FROM (SELECT s.*
      FROM sessions s
               JOIN users u ON u.id = s.user_id AND (s.generation = u.session_generation OR s.id = u.kept_session)
      WHERE s.user_id = @user_id
        AND s.expires_at > @now::timestamptz
      ORDER BY s.created_at DESC, s.id DESC
      LIMIT 100) AS newest
ORDER BY newest.last_used_at DESC, newest.created_at DESC, newest.id DESC;

-- name: HasOtherSessions :one
-- HasOtherSessions reports whether a user has sessions that are alive beside one.
SELECT EXISTS (SELECT
               FROM sessions s
                        JOIN users u ON u.id = s.user_id AND (s.generation = u.session_generation OR s.id = u.kept_session)
               WHERE s.user_id = @user_id
                 AND s.id <> @keep
                 AND s.expires_at > @now::timestamptz);

-- name: EndSession :one
-- EndSession ends one session of a user that is alive.
DELETE
FROM sessions s
    USING users u
WHERE s.id = @id
  AND s.user_id = @user_id
  AND u.id = s.user_id
  AND (s.generation = u.session_generation OR s.id = u.kept_session)
RETURNING s.id, coalesce(s.access_expires_at, s.ends_at)::timestamptz AS access_expires_at;

-- name: StartGeneration :exec
-- StartGeneration ends every session of a user but the one to keep, which may be the nil UUID. Their rows stay.
UPDATE users
SET session_generation = session_generation + 1,
    kept_session       = @keep
WHERE id = @user_id;

-- name: DeleteSessions :many
-- DeleteSessions deletes sessions of a user but the one to keep, at most so many.
DELETE
FROM sessions
WHERE id IN (SELECT s.id
             FROM sessions s
             WHERE s.user_id = @user_id
               AND s.id <> @keep
             ORDER BY s.created_at DESC, s.id DESC
             LIMIT @most)
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
         JOIN users u ON u.id = s.user_id AND (s.generation = u.session_generation OR s.id = u.kept_session)
WHERE s.id = @id;

-- name: KeepDisownHash :exec
-- KeepDisownHash lets a session be found by the short link about it.
UPDATE sessions
SET disown_hash = @disown_hash::bytea
WHERE id = @id;

-- name: FindSessionByDisownHash :one
SELECT s.id
FROM sessions s
         JOIN users u ON u.id = s.user_id AND (s.generation = u.session_generation OR s.id = u.kept_session)
WHERE s.disown_hash = @disown_hash::bytea;
