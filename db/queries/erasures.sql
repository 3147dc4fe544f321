-- name: QueueErasure :exec
-- QueueErasure queues the deletion of a user's sessions that are not alive, for the background.
INSERT INTO erasures (user_id)
VALUES (@user_id)
ON CONFLICT (user_id) DO UPDATE SET created_at = EXCLUDED.created_at;

-- name: ListErasures :many
SELECT user_id, created_at
FROM erasures
ORDER BY created_at, user_id
LIMIT 100;

-- name: EraseSessions :execrows
-- EraseSessions deletes sessions of a user that are not alive, in one step: all of them, if the user was deleted.
DELETE
FROM sessions
WHERE id = ANY (ARRAY(SELECT s.id
                      FROM sessions s
                               LEFT JOIN users u ON u.id = s.user_id
                      WHERE s.user_id = @user_id
                        AND (u.id IS NULL OR s.generation <> u.session_generation)
                      LIMIT 1000));

-- name: EraseEvents :execrows
-- EraseEvents removes the personal data from events of a deleted user, in one step. The events stay.
UPDATE events
SET ip         = '',
    user_agent = '',
    details    = NULL,
    note       = NULL,
    erased_at  = now()
WHERE id = ANY (ARRAY(SELECT e.id
                      FROM events e
                      WHERE e.user_id = @user_id::uuid
                        AND e.erased_at IS NULL
                        AND NOT EXISTS (SELECT FROM users u WHERE u.id = e.user_id)
                      LIMIT 1000));

-- name: EraseKnownDevices :execrows
-- EraseKnownDevices deletes the known devices of a deleted user.
DELETE
FROM known_devices k
WHERE k.user_id = @user_id
  AND NOT EXISTS (SELECT FROM users u WHERE u.id = k.user_id);

-- name: EndErasure :exec
-- EndErasure ends an erasure, unless it was queued again since it was listed.
DELETE
FROM erasures
WHERE user_id = @user_id
  AND created_at = @created_at;
