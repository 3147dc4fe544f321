-- +goose Up

ALTER TABLE signing_keys
    -- When the key begins to sign. Before, it is only published, so that every verifier knows it first. It signs until the next
    -- key begins.
    ADD COLUMN active_from   timestamptz NOT NULL DEFAULT now(),
    -- The longest lifetime of a token that it may have signed. The key is kept for this time after it has last signed.
    ADD COLUMN token_seconds integer     NOT NULL DEFAULT 0 CHECK (token_seconds >= 0);

-- Existing keys began to sign when they were created.
UPDATE signing_keys
SET active_from = created_at;

-- +goose Down
ALTER TABLE signing_keys
    DROP COLUMN active_from,
    DROP COLUMN token_seconds;
