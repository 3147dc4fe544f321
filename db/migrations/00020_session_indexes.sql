-- +goose NO TRANSACTION
-- +goose Up

-- Without blocking writers. After an interruption, an invalid index remains, and is dropped first.
DROP INDEX CONCURRENTLY IF EXISTS sessions_user_generation;
-- Finds the active sessions of a user, the newest first, without reading those that are not alive.
CREATE INDEX CONCURRENTLY sessions_user_generation ON sessions (user_id, generation, created_at DESC, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS sessions_sweep_at;
CREATE INDEX CONCURRENTLY sessions_sweep_at ON sessions (sweep_at);
DROP INDEX CONCURRENTLY IF EXISTS revocations_xid_id;
-- Replicas continue to read in this order.
CREATE INDEX CONCURRENTLY revocations_xid_id ON revocations (xid, id);

DROP INDEX CONCURRENTLY IF EXISTS sessions_user;
DROP INDEX CONCURRENTLY IF EXISTS sessions_expires_at;
DROP INDEX CONCURRENTLY IF EXISTS revocations_xid;

-- +goose Down
CREATE INDEX CONCURRENTLY IF NOT EXISTS revocations_xid ON revocations (xid);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_expires_at ON sessions (expires_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS sessions_user ON sessions (user_id);
DROP INDEX CONCURRENTLY IF EXISTS revocations_xid_id;
DROP INDEX CONCURRENTLY IF EXISTS sessions_sweep_at;
DROP INDEX CONCURRENTLY IF EXISTS sessions_user_generation;
