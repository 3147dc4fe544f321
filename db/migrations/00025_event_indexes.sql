-- +goose NO TRANSACTION
-- +goose Up

-- Lists of a user's events. It leaves out what was erased: a list is that of a living account, and the erasure of a large one
-- then finds what is left to do without reading what is done.
DROP INDEX CONCURRENTLY IF EXISTS events_user;
CREATE INDEX CONCURRENTLY events_user ON events (user_id, at DESC, id DESC) WHERE erased_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS activity_user_at;

-- The reasons of lock-outs that the versions before have written.
UPDATE events
SET details = jsonb_build_object('reason', note),
    note    = NULL
WHERE note IS NOT NULL;

-- +goose Down
UPDATE events
SET note    = details ->> 'reason'
WHERE details ? 'reason';
DROP INDEX CONCURRENTLY IF EXISTS activity_user_at;
CREATE INDEX CONCURRENTLY activity_user_at ON events (user_id, at DESC, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS events_user;
