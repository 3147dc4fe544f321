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

-- name: ListSignInAgents :many
-- ListSignInAgents gives what the user has signed in with lately, as user agents.
SELECT DISTINCT recent.user_agent
FROM (SELECT a.user_agent
      FROM activity a
      WHERE a.user_id = @user_id
        AND a.event IN ('signed_up', 'signed_in')
        -- A device that its owner has disowned stays unknown.
        AND NOT EXISTS (SELECT
                        FROM activity d
                        WHERE d.user_id = a.user_id
                          AND d.event = 'session_disowned'
                          AND d.session_id = a.session_id)
      ORDER BY a.id DESC
      LIMIT 500) AS recent;
