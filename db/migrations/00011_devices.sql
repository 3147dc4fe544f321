-- +goose Up

-- The devices that get notifications. A registration token belongs to one session, and is deleted with it.
CREATE TABLE devices
(
    id         uuid PRIMARY KEY,
    -- A keyed hash, so that the token cannot be derived from the row.
    token_hash bytea       NOT NULL UNIQUE,
    -- Encrypted under the master secret and bound to the id.
    token      bytea       NOT NULL,
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id uuid        NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    platform   text        NOT NULL,
    name       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX devices_user ON devices (user_id);
CREATE INDEX devices_session ON devices (session_id);

CREATE TRIGGER devices_touch
    BEFORE UPDATE
    ON devices
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- +goose Down
DROP TABLE devices;
