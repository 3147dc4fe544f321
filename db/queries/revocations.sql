-- name: ReadRevocations :many
-- ReadRevocations reads the log from its beginning, a page at a time, in the order of ids. The first row is a header: the server
-- process that answers, and the snapshot of the page. An entry that becomes visible later is not in the snapshot of the first
-- page, whatever its id. The subject is the session that has ended, or the user who has changed.
SELECT concat(extract(epoch FROM pg_postmaster_start_time()), ' ', pg_current_snapshot())::text AS header,
       0::bigint                                                                             AS xid,
       0::bigint                                                                             AS id,
       false                                                                                 AS user_changed,
       '00000000-0000-0000-0000-000000000000'::uuid                                          AS subject,
       'epoch'::timestamptz                                                                  AS expires_at
UNION ALL
(SELECT '',
        r.xid::text::bigint,
        r.id,
        r.session_id IS NULL,
        coalesce(r.session_id, r.user_id),
        r.expires_at
 FROM revocations r
 WHERE r.id > sqlc.arg(after_id)
   AND r.expires_at > sqlc.arg(now)::timestamptz
 ORDER BY r.id
 LIMIT sqlc.arg(size));

-- name: ReadNewRevocations :many
-- ReadNewRevocations reads the entries that have become visible since a snapshot, a page at a time: those of transactions that
-- were in progress then, and of transactions that have begun since. Both are found by an index, so neither a long log nor a
-- transaction that stays open for hours makes a read slower. The former are looked up one by one: with a join, Postgres would
-- read the whole log before it knows its length. The first row is the header, as in ReadRevocations.
SELECT concat(extract(epoch FROM pg_postmaster_start_time()), ' ', pg_current_snapshot())::text AS header,
       0::bigint                                                                             AS xid,
       0::bigint                                                                             AS id,
       false                                                                                 AS user_changed,
       '00000000-0000-0000-0000-000000000000'::uuid                                          AS subject,
       'epoch'::timestamptz                                                                  AS expires_at
UNION ALL
(SELECT '',
        fresh.xid::text::bigint,
        fresh.id,
        fresh.session_id IS NULL,
        coalesce(fresh.session_id, fresh.user_id),
        fresh.expires_at
 FROM ((SELECT late.*
        FROM (SELECT pg_snapshot_xip(sqlc.arg(since)::text::pg_snapshot) AS xid) AS under_way,
             LATERAL (SELECT r.*
                      FROM revocations r
                      WHERE r.xid = under_way.xid
                        AND (r.xid, r.id) > ((sqlc.arg(after_xid)::bigint)::text::xid8, sqlc.arg(after_id)::bigint)
                        AND r.expires_at > sqlc.arg(now)::timestamptz
                      ORDER BY r.xid, r.id
                      LIMIT sqlc.arg(size)) AS late
        ORDER BY late.xid, late.id
        LIMIT sqlc.arg(size))
       UNION ALL
       (SELECT begun.*
        FROM revocations begun
        WHERE begun.xid >= pg_snapshot_xmax(sqlc.arg(since)::text::pg_snapshot)
          AND (begun.xid, begun.id) > ((sqlc.arg(after_xid)::bigint)::text::xid8, sqlc.arg(after_id)::bigint)
          AND begun.expires_at > sqlc.arg(now)::timestamptz
        ORDER BY begun.xid, begun.id
        LIMIT sqlc.arg(size))) AS fresh
 ORDER BY fresh.xid, fresh.id
 LIMIT sqlc.arg(size));

-- name: SweepRevocations :execrows
DELETE
FROM revocations
WHERE ctid = ANY (ARRAY(SELECT r.ctid FROM revocations r WHERE r.expires_at < sqlc.arg(before)::timestamptz ORDER BY r.expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND expires_at < (SELECT sqlc.arg(before)::timestamptz);
