-- name: CreateActivity :exec
INSERT INTO activity (id, user_id, event, at, ip, user_agent, session_id, note)
VALUES (@id, @user_id, @event, @at, @ip, @user_agent, sqlc.narg(session_id), sqlc.narg(note));

-- name: CreateFailedActivity :exec
-- CreateFailedActivity notes a failed attempt against an account, or does the same work for an account that does not exist:
-- the row is not waited for on its way to the disk, so that the time does not tell which it was. An account that is being
-- deleted is waited for, and then there is none.
WITH quick AS (SELECT set_config('synchronous_commit', 'off', true)),
     account AS (SELECT u.id FROM users u WHERE u.id = @user_id FOR KEY SHARE)
INSERT
INTO activity (id, user_id, event, at, ip, user_agent, session_id)
SELECT @id, account.id, @event, @at, @ip, @user_agent, sqlc.narg(session_id)
FROM account,
     quick;

-- name: ListActivity :many
SELECT *
FROM activity
WHERE user_id = @user_id
  AND id < @before
ORDER BY id DESC
LIMIT @size;
