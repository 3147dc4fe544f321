-- name: QueueErasure :exec
-- QueueErasure has the rest of a user's sessions that are not alive deleted in the background.
INSERT INTO erasures (user_id)
VALUES (@user_id)
ON CONFLICT (user_id) DO UPDATE SET created_at = EXCLUDED.created_at;

-- name: ListErasures :many
SELECT user_id, created_at
FROM erasures
ORDER BY created_at, user_id
LIMIT 100;

-- name: EraseSessions :execrows
-- EraseSessions deletes sessions of a user that are not alive, a step at a time: all, when the user is gone.
DELETE
FROM sessions
WHERE id = ANY (ARRAY(SELECT s.id
                      FROM sessions s
                               LEFT JOIN users u ON u.id = s.user_id
                      WHERE s.user_id = @user_id
                        AND (u.id IS NULL OR s.generation <> u.session_generation)
                      LIMIT 1000));

-- name: EraseEvents :execrows
-- EraseEvents removes the personal data from the entries of a user who is gone, a step at a time. The entries stay.
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
-- EraseKnownDevices deletes what is known of the devices of a user who is gone.
DELETE
FROM known_devices k
WHERE k.user_id = @user_id
  AND NOT EXISTS (SELECT FROM users u WHERE u.id = k.user_id);

-- name: EndErasure :exec
-- EndErasure ends an erasure, unless it was queued anew since it was listed.
DELETE
FROM erasures
WHERE user_id = @user_id
  AND created_at = @created_at;
