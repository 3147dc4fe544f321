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
WHERE id IN (SELECT r.id FROM revocations r WHERE r.expires_at < @now::timestamptz LIMIT 1000 FOR UPDATE SKIP LOCKED);
