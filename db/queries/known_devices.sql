-- name: NoteKnownDevice :one
-- NoteKnownDevice records a sign-in of a user on a device. It returns true if the device was unknown. If the device was seen
-- within a day, it returns no row and writes nothing.
INSERT INTO known_devices AS k (user_id, fingerprint, session_id, first_seen_at, last_seen_at)
SELECT n.user_id, n.fingerprint, n.session_id, n.now, n.now
FROM (SELECT @user_id::uuid AS user_id, @fingerprint::bytea AS fingerprint, @session_id::uuid AS session_id, @now::timestamptz AS now) AS n
WHERE NOT EXISTS (SELECT
                  FROM known_devices s
                  WHERE s.user_id = n.user_id
                    AND s.fingerprint = n.fingerprint
                    AND s.last_seen_at > n.now - interval '1 day')
ON CONFLICT (user_id, fingerprint) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at
RETURNING (k.first_seen_at = k.last_seen_at)::boolean AS unknown;

-- name: TrimKnownDevices :exec
-- TrimKnownDevices keeps the devices of a user that were seen last.
DELETE
FROM known_devices
WHERE (user_id, fingerprint) IN (SELECT k.user_id, k.fingerprint
                                 FROM known_devices k
                                 WHERE k.user_id = @user_id
                                 ORDER BY k.last_seen_at DESC, k.created_at DESC
                                 OFFSET @keep::integer);

-- name: ForgetKnownDevice :exec
-- ForgetKnownDevice makes the device unknown that a sign-in has made known.
DELETE
FROM known_devices
WHERE session_id = @session_id;

-- name: SweepKnownDevices :execrows
-- SweepKnownDevices deletes devices that were not seen for long, in one small step.
DELETE
FROM known_devices
WHERE ctid = ANY (ARRAY(SELECT k.ctid
                        FROM known_devices k
                        WHERE k.last_seen_at < @before::timestamptz
                        ORDER BY k.last_seen_at
                        LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND last_seen_at < (SELECT @before::timestamptz);
