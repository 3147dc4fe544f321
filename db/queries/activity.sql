-- name: CreateActivity :exec
INSERT INTO activity (id, user_id, event, at, ip, user_agent, session_id)
VALUES (@id, @user_id, @event, @at, @ip, @user_agent, sqlc.narg(session_id));

-- name: CreateFailedActivity :exec
-- CreateFailedActivity notes a failed attempt against an account, or does the same work for an account that does not exist:
-- the row is not waited for on its way to the disk, so that the time does not tell which it was.
WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
INSERT
INTO activity (id, user_id, event, at, ip, user_agent)
SELECT @id, users.id, @event, @at, @ip, @user_agent
FROM users,
     quick
WHERE users.id = @user_id;

-- name: ListActivity :many
SELECT *
FROM activity
WHERE user_id = @user_id
  AND id < @before
ORDER BY id DESC
LIMIT @size;
