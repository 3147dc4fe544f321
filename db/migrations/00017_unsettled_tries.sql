-- +goose Up

-- The column is added without a rewrite. The statement waits for the lock only, and must not make others wait behind it for long.
SET LOCAL lock_timeout = '5s';

-- Attempts with an unknown outcome. They are counted before a provider is asked, and subtracted when it has certainly not
-- accepted the message. The attempts of a process that died, or of a provider that did not answer in time, stay counted. So a
-- message is sent twice at most, and one that failed with such an attempt may have arrived.
ALTER TABLE sends
    ADD COLUMN unsettled smallint NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE sends
    DROP COLUMN unsettled;
