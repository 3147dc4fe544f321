-- name: CreateActivity :exec
INSERT INTO activity (id, user_id, event, at, ip, user_agent, session_id, note)
VALUES (@id, @user_id, @event, @at, @ip, @user_agent, sqlc.narg(session_id), sqlc.narg(note));

-- name: RecordFailure :exec
-- RecordFailure notes a failed attempt against an account as long as the budgets have room, and does the same work for an
-- account that does not exist.
SELECT record_failure(@id::uuid, @user_id::uuid, @event::text, @at::timestamptz, @ip::text, @user_agent::text,
                      sqlc.narg(session_id)::uuid, @budgets::text[], @keys::bytea[], @mosts::integer[],
                      @window_ends::timestamptz[]);

-- name: ListActivity :many
-- ListActivity lists by the database's time. Entries of the same instant go by their ids.
SELECT *
FROM activity
WHERE user_id = @user_id
  AND (at, id) < (@before_at::timestamptz, @before_id::uuid)
ORDER BY at DESC, id DESC
LIMIT @size;

-- name: SweepActivity :execrows
DELETE
FROM activity
WHERE ctid = ANY (ARRAY(SELECT a.ctid
                        FROM activity a
                        WHERE timezone('UTC', a.at) < timezone('UTC', @before::timestamptz)
                        ORDER BY timezone('UTC', a.at)
                        LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND at < (SELECT @before::timestamptz);
