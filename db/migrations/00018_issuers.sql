-- +goose Up

-- The issuers (public URLs) of the servers on this database. Each server updates its own row every ten minutes. Servers with
-- different issuers refuse each other's tokens, so one that sees another issuer logs a warning.
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
