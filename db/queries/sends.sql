-- name: CreateSends :one
-- CreateSends notes messages to one recipient that are queued, and returns how many others wait for it that were queued
-- since a time: codes if it is one, and else all but codes. It counts no more than are asked for. What waits has not ended; in
-- these words, the condition keeps the statement off the index of all that is queued, which is long when it matters.
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
-- BeginAttempt counts a try before a provider is asked. It counts none for a message that has ended, or of which as many tries as
-- may be have an unknown outcome: begun is false then. No row means that there is no such message any more.
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
-- SettleAttempt counts a try back of which the provider has surely not taken the message.
UPDATE sends
SET unsettled = greatest(unsettled - 1, 0)
WHERE id = @id
  AND state = 'queued';

-- name: MarkSent :exec
-- MarkSent notes that a provider has taken the message. What went wrong before stays readable.
UPDATE sends
SET state    = 'sent',
    provider = @provider,
    receipt  = @receipt,
    ended_at = @now::timestamptz
WHERE id = @id;

-- name: RecordFailedAttempt :one
-- RecordFailedAttempt notes a try that failed, whether its outcome is known, and whether it was the last one. It returns how many tries
-- have an unknown outcome. No row means that the message has ended meanwhile.
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
-- GiveUpSend ends a message of which as many tries as may be have an unknown outcome.
UPDATE sends
SET state      = 'failed',
    last_error = CASE WHEN last_error = '' THEN @reason ELSE last_error || '; ' || @reason END,
    ended_at   = @now::timestamptz
WHERE id = @id
  AND state = 'queued';

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

-- name: DropSend :one
-- DropSend notes that a message is not to be sent, and returns how many tries have an unknown outcome. No row means that it
-- was sent, or given up, before.
UPDATE sends
SET state      = 'dropped',
    last_error = CASE WHEN last_error = '' THEN @reason ELSE last_error || '; ' || @reason END,
    ended_at   = @now::timestamptz
WHERE id = @id
  AND state = 'queued'
RETURNING unsettled;

-- name: ListSends :many
-- ListSends returns the last sends to a user, newest first. Address and number may be missing.
SELECT id, kind, channel, contact, state, tries, unsettled, provider, receipt, last_error, queued_at, ended_at
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
