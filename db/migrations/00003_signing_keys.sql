-- +goose Up

CREATE TABLE signing_keys
(
    kid         text PRIMARY KEY,
    algorithm   text        NOT NULL,
    -- PKCS #8, encrypted under the master secret and bound to kid and algorithm.
    private_key bytea       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER signing_keys_touch
    BEFORE UPDATE
    ON signing_keys
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- +goose Down
DROP TABLE signing_keys;
