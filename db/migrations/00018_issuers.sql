-- +goose Up

-- The issuers (public URLs) of the servers on this database. Two of them at the same time refuse each other's tokens, so a
-- server that sees another one says so. Each server writes its own row every ten minutes.
CREATE TABLE issuers
(
    issuer        text PRIMARY KEY,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER issuers_touch
    BEFORE UPDATE
    ON issuers
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- +goose Down
DROP TABLE issuers;
