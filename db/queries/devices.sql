-- name: ForgetOtherDevices :exec
-- ForgetOtherDevices takes away what a session has registered before: a session is one device.
DELETE
FROM devices
WHERE session_id = @session_id
  AND token_hash <> @token_hash;

-- name: RegisterDevice :exec
-- RegisterDevice ties a token to a session, and takes it away from the one that has it.
INSERT INTO devices (id, token_hash, token, user_id, session_id, platform, name)
VALUES (@id, @token_hash, @token, @user_id, @session_id, @platform, @name)
ON CONFLICT (token_hash) DO UPDATE
    SET id         = EXCLUDED.id,
        token      = EXCLUDED.token,
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
-- ListDevices gives the devices of a user whose sessions live.
SELECT devices.*
FROM devices
         JOIN sessions ON sessions.id = devices.session_id
WHERE devices.user_id = @user_id
  AND sessions.expires_at > @now::timestamptz
ORDER BY devices.id;

-- name: FindDevice :one
-- FindDevice gives a device whose session lives.
SELECT devices.*
FROM devices
         JOIN sessions ON sessions.id = devices.session_id
WHERE devices.id = @id
  AND sessions.expires_at > @now::timestamptz;

-- name: ForgetDevice :exec
-- ForgetDevice deletes a device whose token nobody answers to any more, unless the token has been registered anew.
DELETE
FROM devices
WHERE id = @id;
