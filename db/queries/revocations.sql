-- name: ListRevocations :many
-- ListRevocations gives what has become visible since a horizon, and the next horizon: no transaction below it can still
-- commit. There is always a row; the one without a user tells the horizon alone.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon,
       r.id,
       r.user_id,
       r.session_id,
       r.expires_at
FROM (VALUES (1)) AS always
         LEFT JOIN revocations r ON r.xid >= (@since::bigint)::text::xid8 AND r.expires_at > @now::timestamptz;

-- name: SweepRevocations :execrows
DELETE
FROM revocations
WHERE ctid = ANY (ARRAY(SELECT r.ctid FROM revocations r WHERE r.expires_at < @before::timestamptz ORDER BY r.expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND expires_at < (SELECT @before::timestamptz);
