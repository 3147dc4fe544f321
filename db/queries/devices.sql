-- name: ForgetOtherDevices :exec
-- ForgetOtherDevices takes away what a session has registered before: a session is one device.
DELETE
FROM devices
WHERE session_id = @session_id
  AND token_hash <> @token_hash;

-- name: RegisterDevice :exec
-- RegisterDevice ties a token to a session, and takes it away from the one that has it. An application that registers the
-- same token at each start stays the same device, so that what is under way to it arrives.
INSERT INTO devices (id, token_hash, token, user_id, session_id, platform, name)
VALUES (@id, @token_hash, @token, @user_id, @session_id, @platform, @name)
ON CONFLICT (token_hash) DO UPDATE
    SET id         = CASE WHEN devices.session_id = EXCLUDED.session_id THEN devices.id ELSE EXCLUDED.id END,
        token      = CASE WHEN devices.session_id = EXCLUDED.session_id THEN devices.token ELSE EXCLUDED.token END,
        user_id    = EXCLUDED.user_id,
        session_id = EXCLUDED.session_id,
        platform   = EXCLUDED.platform,
        name       = EXCLUDED.name;

-- name: UnregisterDevice :execrows
DELETE
FROM devices
WHERE token_hash = @token_hash
  AND user_id = @user_id;

-- name: ListDevices :many
-- ListDevices gives the devices of a user who may act, whose sessions live.
SELECT devices.*
FROM devices
         JOIN sessions ON sessions.id = devices.session_id
         JOIN users ON users.id = devices.user_id AND users.disabled_at IS NULL
WHERE devices.user_id = @user_id
  AND sessions.expires_at > @now::timestamptz
ORDER BY devices.id;

-- name: FindDevice :one
-- FindDevice gives a device whose session lives and whose user may act.
SELECT devices.*
FROM devices
         JOIN sessions ON sessions.id = devices.session_id
         JOIN users ON users.id = devices.user_id AND users.disabled_at IS NULL
WHERE devices.id = @id
  AND sessions.expires_at > @now::timestamptz;

-- name: ForgetDevice :exec
-- ForgetDevice deletes a device whose token nobody answers to any more, unless another session has registered it since.
DELETE
FROM devices
WHERE id = @id;
