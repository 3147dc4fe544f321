-- +goose Up

-- The column is added without a rewrite; what is waited for is the lock alone, and others must not wait behind us for long.
SET LOCAL lock_timeout = '5s';

-- Tries whose outcome is not known: counted before a provider is asked, and counted back when it has surely not taken the
-- message. Those of a process that died, or of a provider that did not answer in time, stay counted. So a message goes out at
-- most twice, and one that failed with such a try may have arrived.
ALTER TABLE sends
    ADD COLUMN unsettled smallint NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE sends
    DROP COLUMN unsettled;
