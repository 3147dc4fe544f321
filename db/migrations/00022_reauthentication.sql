-- +goose Up

-- The statements below only change the catalog, or read a small table. They wait for running transactions, and other calls wait
-- behind them. So they rather fail and are run again than delay every call.
SET LOCAL lock_timeout = '5s';

ALTER TABLE sessions
    -- When the user last authenticated again within the session.
    ADD COLUMN reauthenticated_at timestamptz;

ALTER TABLE verifications
    DROP CONSTRAINT verifications_purpose_check,
    ADD CONSTRAINT verifications_purpose_check
        CHECK (purpose IN ('sign_up', 'sign_in', 'reset_password', 'change_contact', 'reauthenticate'));

-- +goose Down
SET LOCAL lock_timeout = '5s';

DELETE
FROM verifications
WHERE purpose = 'reauthenticate';

ALTER TABLE verifications
    DROP CONSTRAINT verifications_purpose_check,
    ADD CONSTRAINT verifications_purpose_check
        CHECK (purpose IN ('sign_up', 'sign_in', 'reset_password', 'change_contact'));

ALTER TABLE sessions
    DROP COLUMN reauthenticated_at;
