-- name: CreateSend :exec
INSERT INTO sends (id, kind, channel, contact, queued_at)
VALUES (@id, @kind, @channel, @contact, @queued_at);

-- name: MarkSent :exec
-- MarkSent notes that a provider has taken the message. What went wrong before stays readable.
UPDATE sends
SET state    = 'sent',
    tries    = tries + 1,
    provider = @provider,
    receipt  = @receipt,
    ended_at = @now::timestamptz
WHERE id = @id;

-- name: MarkTried :exec
-- MarkTried notes a try that failed, and whether it was the last one. A message that was taken stays so.
UPDATE sends
SET state      = CASE WHEN @final::boolean THEN 'failed' ELSE 'queued' END,
    tries      = tries + 1,
    provider   = @provider,
    last_error = @last_error,
    ended_at   = CASE WHEN @final::boolean THEN @now::timestamptz END
WHERE id = @id
  AND state <> 'sent';

-- name: CloseAbandonedCodes :execrows
-- CloseAbandonedCodes gives up codes that are queued for longer than their jobs can live: the jobs were lost to errors of
-- the database.
UPDATE sends
SET state      = 'failed',
    last_error = CASE WHEN last_error = '' THEN 'abandoned' ELSE last_error || '; abandoned' END,
    ended_at   = @now::timestamptz
WHERE ctid = ANY (ARRAY(SELECT s.ctid
                        FROM sends s
                        WHERE s.state = 'queued'
                          AND s.kind = 'code'
                          AND s.queued_at < @before::timestamptz
                        ORDER BY s.queued_at
                        LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND state = 'queued';

-- name: CloseAbandonedSends :execrows
-- CloseAbandonedSends gives up whatever is queued for longer than any job can live.
UPDATE sends
SET state      = 'failed',
    last_error = CASE WHEN last_error = '' THEN 'abandoned' ELSE last_error || '; abandoned' END,
    ended_at   = @now::timestamptz
WHERE ctid = ANY (ARRAY(SELECT s.ctid
                        FROM sends s
                        WHERE s.state = 'queued'
                          AND s.queued_at < @before::timestamptz
                        ORDER BY s.queued_at
                        LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND state = 'queued';

-- name: WasSent :one
-- WasSent tells whether a provider has taken a message.
SELECT EXISTS (SELECT FROM sends s WHERE s.id = @id AND s.state = 'sent');

-- name: DropSend :execrows
-- DropSend notes that a message is not to be sent. No row means that it was sent, or given up, before.
UPDATE sends
SET state      = 'dropped',
    last_error = CASE WHEN last_error = '' THEN @reason ELSE last_error || '; ' || @reason END,
    ended_at   = @now::timestamptz
WHERE id = @id
  AND state = 'queued';

-- name: ListSends :many
-- ListSends gives the last sends to a user, newest first. Address and number may be missing.
SELECT id, kind, channel, contact, state, tries, provider, receipt, last_error, queued_at, ended_at
FROM sends
WHERE (channel = 'email' AND contact = @email::text AND @email::text <> '')
   OR (channel = 'sms' AND contact = @phone::text AND @phone::text <> '')
   OR (channel = 'push' AND contact = @user_id::text)
ORDER BY queued_at DESC, id
LIMIT @most;

-- name: ForgetSends :exec
-- ForgetSends deletes what was sent to a user.
DELETE
FROM sends
WHERE (channel = 'email' AND contact = @email::text)
   OR (channel = 'sms' AND contact = @phone::text)
   OR (channel = 'push' AND contact = @user_id::text);

-- name: SweepSends :execrows
DELETE
FROM sends
WHERE ctid = ANY (ARRAY(SELECT s.ctid FROM sends s WHERE s.queued_at < @before::timestamptz ORDER BY s.queued_at LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND queued_at < (SELECT @before::timestamptz);
