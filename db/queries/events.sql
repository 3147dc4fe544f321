-- name: CreateEvent :exec
INSERT INTO events (id, user_id, type, at, actor_kind, actor_id, ip, user_agent, session_id, request_id, details)
VALUES (@id, sqlc.narg(user_id), @type, @at, @actor_kind, @actor_id, @ip, @user_agent, sqlc.narg(session_id), @request_id, sqlc.narg(details));

-- name: RecordFailure :exec
-- RecordFailure records a failed attempt against an account as long as the budgets have room, and does the same work for an
-- account that does not exist.
SELECT record_failure(@id::uuid, @user_id::uuid, @type::text, @at::timestamptz, @actor_kind::text, @actor_id::text, @ip::text,
                      @user_agent::text, sqlc.narg(session_id)::uuid, @request_id::text, @budgets::text[], @keys::bytea[],
                      @mosts::integer[], @window_ends::timestamptz[]);

-- name: ListUserEvents :many
-- ListUserEvents lists the events of a living account by the database's time. Entries of the same instant are ordered by id.
SELECT id, type, at, ip, user_agent, session_id
FROM events
WHERE user_id = @user_id::uuid
  AND erased_at IS NULL
  AND (at, id) < (@before_at::timestamptz, @before_id::uuid)
ORDER BY at DESC, id DESC
LIMIT @size;

-- name: SweepEvents :execrows
DELETE
FROM events
WHERE ctid = ANY (ARRAY(SELECT e.ctid
                        FROM events e
                        WHERE timezone('UTC', e.at) < timezone('UTC', @before::timestamptz)
                        ORDER BY timezone('UTC', e.at)
                        LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND at < (SELECT @before::timestamptz);
