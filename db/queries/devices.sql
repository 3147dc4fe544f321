-- name: ForgetOtherDevices :exec
-- ForgetOtherDevices deletes the other device that a session has registered: a session is one device.
DELETE
FROM devices
WHERE session_id = @session_id
  AND token_hash <> @token_hash;

-- name: RegisterDevice :exec
-- RegisterDevice registers a token for a session, and takes it from any other session. If an application registers the same token
-- at each start, the device keeps its id, so that messages in the queue arrive.
INSERT INTO devices (id, token_hash, token, user_id, session_id, platform, name)
VALUES (@id, @token_hash, @token, @user_id, @session_id, @platform, @name)
ON CONFLICT (token_hash) DO UPDATE
    SET id         = CASE WHEN devices.session_id = EXCLUDED.session_id THEN devices.id ELSE EXCLUDED.id END,
        token      = CASE WHEN devices.session_id = EXCLUDED.session_id THEN devices.token ELSE EXCLUDED.token END,
        user_id    = EXCLUDED.user_id,
        session_id = EXCLUDED.session_id,
        platform   = EXCLUDED.platform,
        name       = EXCLUDED.name;

-- name: TrimDevices :exec
-- TrimDevices keeps the devices of a user that were registered last. Registering a device again counts.
DELETE
FROM devices
WHERE id IN (SELECT d.id
             FROM devices d
             WHERE d.user_id = @user_id
             ORDER BY d.updated_at DESC, d.id DESC
             OFFSET @keep::integer);

-- name: UnregisterDevice :execrows
DELETE
FROM devices
WHERE token_hash = @token_hash
  AND user_id = @user_id;

-- name: ListDevices :many
-- ListDevices returns the devices of a user who is not disabled, whose sessions are alive, the last registered first.
SELECT d.id
FROM devices d
         JOIN users u ON u.id = d.user_id AND u.disabled_at IS NULL
         JOIN sessions s ON s.id = d.session_id AND s.generation = u.session_generation
WHERE d.user_id = @user_id
  AND s.expires_at > @now::timestamptz
ORDER BY d.updated_at DESC, d.id DESC
LIMIT @most;

-- name: FindDevice :one
-- FindDevice returns a device whose session is alive and whose user is not disabled.
SELECT d.*
FROM devices d
         JOIN users u ON u.id = d.user_id AND u.disabled_at IS NULL
         JOIN sessions s ON s.id = d.session_id AND s.generation = u.session_generation
WHERE d.id = @id
  AND s.expires_at > @now::timestamptz;

-- name: ForgetDevice :exec
-- ForgetDevice deletes a device whose token is invalid, unless another session has registered the token since.
DELETE
FROM devices
WHERE id = @id;

-- name: ListOtherDevices :many

SELECT d.id
FROM devices d
         JOIN users u ON u.id = d.user_id
         JOIN sessions s ON s.id = d.session_id AND s.generation = u.session_generation
WHERE d.user_id = @user_id
  AND d.session_id <> @keep
  AND s.expires_at > @now::timestamptz
ORDER BY d.updated_at DESC, d.id DESC
LIMIT @most;

-- name: KeepTokensForFinalNotice :exec
-- KeepTokensForFinalNotice copies the token of each device for one send, which may outlive the device.
INSERT INTO farewells (send_id, device_id, user_id, token, token_hash)
SELECT last.send_id, d.id, d.user_id, d.token, d.token_hash
FROM (SELECT unnest(@send_ids::uuid[]) AS send_id, unnest(@device_ids::uuid[]) AS device_id) AS last
         JOIN devices d ON d.id = last.device_id;

-- name: FindFinalNoticeToken :one
-- FindFinalNoticeToken returns the token that was kept for a send, unless another user has registered the device since.
SELECT f.device_id, f.token
FROM farewells f
         JOIN users ON users.id = f.user_id AND users.disabled_at IS NULL
WHERE f.send_id = @send_id
  AND NOT EXISTS (SELECT FROM devices d WHERE d.token_hash = f.token_hash AND d.user_id <> f.user_id);
