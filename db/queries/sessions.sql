-- name: CreateSession :one
INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at)
VALUES (@id, @user_id, @amr, @now, @user_agent, @ip, @now, @expires_at, @ends_at)
RETURNING *;

-- name: FindSession :one
-- FindSession tells whether a session lives, and whether its user may act.
SELECT users.disabled_at
FROM sessions
         JOIN users ON users.id = sessions.user_id
WHERE sessions.id = @id
  AND sessions.user_id = @user_id
  AND sessions.expires_at > @now::timestamptz;

-- name: EndSessions :execrows
-- EndSessions ends the sessions of a user, except one.
DELETE
FROM sessions
WHERE user_id = @user_id
  AND id <> @keep;

-- name: SweepSessions :execrows
DELETE
FROM sessions
WHERE id IN (SELECT s.id FROM sessions s WHERE s.expires_at < @now::timestamptz LIMIT 1000);
