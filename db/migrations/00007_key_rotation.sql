-- +goose Up

ALTER TABLE signing_keys
    -- From when on the key signs: until then it is only published, so that every verifier knows it first. It signs until
    -- the next one begins.
    ADD COLUMN active_from   timestamptz NOT NULL DEFAULT now(),
    -- The longest life of a token that it may have signed. The key stays for as long after it has signed for the last time.
    ADD COLUMN token_seconds integer     NOT NULL DEFAULT 0 CHECK (token_seconds >= 0);

-- The keys so far began to sign when they were made.
UPDATE signing_keys
SET active_from = created_at;

-- +goose Down
ALTER TABLE signing_keys
    DROP COLUMN active_from,
    DROP COLUMN token_seconds;
