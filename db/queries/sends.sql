-- name: CreateSends :one
-- CreateSends inserts queued messages to one recipient. It returns how many other messages, queued since a time, wait for the
-- recipient: codes if it is a code, and otherwise all except codes. It counts to @most. A waiting message has not ended: with
-- this condition, Postgres does not use the index of all queued messages, which may be long.
WITH created AS (
    INSERT INTO sends (id, kind, channel, contact, queued_at)
        SELECT unnest(@ids::uuid[]), @kind::text, @channel::text, @contact::text, @queued_at::timestamptz)
SELECT count(*)::integer AS waiting
FROM (SELECT
      FROM sends s
      WHERE s.channel = @channel::text
        AND s.contact = @contact::text
        AND s.queued_at > @since::timestamptz
        AND s.ended_at IS NULL
        AND (s.kind = 'code') = (@kind::text = 'code')
      LIMIT @most) AS others;

-- name: BeginAttempt :one
-- BeginAttempt counts an attempt before a provider is asked. It counts none if the message has ended, or if @most attempts have
-- an unknown outcome; then begun is false. No row means that the message does not exist any more.
WITH try AS (
    UPDATE sends t
        SET unsettled = t.unsettled + 1,
            tries = t.tries + @asks::integer
        WHERE t.id = @id
            AND t.state = 'queued'
            AND t.unsettled < @most::integer
        RETURNING t.unsettled)
SELECT s.state, coalesce((SELECT try.unsettled FROM try), s.unsettled)::integer AS unsettled, EXISTS (SELECT FROM try)::boolean AS begun
FROM sends s
WHERE s.id = @id;

-- name: SettleAttempt :exec
-- SettleAttempt subtracts an attempt at which the provider has certainly not accepted the message.
UPDATE sends
SET unsettled = greatest(unsettled - 1, 0)
WHERE id = @id
  AND state = 'queued';

-- name: MarkSent :exec
-- MarkSent records that a provider has accepted the message. Earlier errors stay readable.
UPDATE sends
SET state    = 'sent',
    provider = @provider,
    receipt  = @receipt,
    ended_at = @now::timestamptz
WHERE id = @id;

-- name: RecordFailedAttempt :one
-- RecordFailedAttempt records a failed attempt, whether its outcome is known, and whether it was the last one. It returns how
-- many attempts have an unknown outcome. No row means that the message has ended meanwhile.
UPDATE sends
SET state      = CASE WHEN @final::boolean THEN 'failed' ELSE 'queued' END,
    unsettled  = greatest(unsettled - CASE WHEN @settled::boolean THEN 1 ELSE 0 END, 0),
    provider   = @provider,
    last_error = @last_error,
    ended_at   = CASE WHEN @final::boolean THEN @now::timestamptz END
WHERE id = @id
  AND state = 'queued'
RETURNING unsettled;

-- name: GiveUpSend :exec
-- GiveUpSend ends a message of which the maximum number of attempts has an unknown outcome.
UPDATE sends
SET state      = 'failed',
    last_error = CASE WHEN last_error = '' THEN @reason ELSE last_error || '; ' || @reason END,
    ended_at   = @now::timestamptz
WHERE id = @id
  AND state = 'queued';

-- name: CloseAbandonedCodes :execrows
-- CloseAbandonedCodes ends codes that are queued for longer than their jobs can last: the jobs were lost to database errors.
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
-- CloseAbandonedSends ends messages that are queued for longer than any job can last.
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

-- name: DropSend :one
-- DropSend records that a message is not to be sent, and returns how many attempts have an unknown outcome. No row means that it
-- was sent or given up before.
UPDATE sends
SET state      = 'dropped',
    last_error = CASE WHEN last_error = '' THEN @reason ELSE last_error || '; ' || @reason END,
    ended_at   = @now::timestamptz
WHERE id = @id
  AND state = 'queued'
RETURNING unsettled;

-- name: ListSends :many
-- ListSends returns the latest messages to a user, newest first. Address and number may be empty.
SELECT id, kind, channel, contact, state, tries, unsettled, provider, receipt, last_error, queued_at, ended_at
FROM sends
WHERE (channel = 'email' AND contact = @email::text AND @email::text <> '')
   OR (channel = 'sms' AND contact = @phone::text AND @phone::text <> '')
   OR (channel = 'push' AND contact = @user_id::text)
ORDER BY queued_at DESC, id
LIMIT @most;

-- name: ForgetSends :exec
-- ForgetSends deletes the history of messages to a user.
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
