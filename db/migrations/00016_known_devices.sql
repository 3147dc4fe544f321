-- +goose Up

-- The devices on which an account was signed in to. A sign-in looks its device up here and reads no history.
CREATE TABLE known_devices
(
    -- No reference: an account's rows are deleted with it, and a sign-in takes no lock for them.
    user_id       uuid        NOT NULL,
    -- SHA-256 of what a user agent reveals about the device: program, system and kind.
    fingerprint   bytea       NOT NULL,
    -- The sign-in that made the device known. After its owner reports it, the device is unknown again.
    session_id    uuid        NOT NULL,
    first_seen_at timestamptz NOT NULL,
    -- Moved at most once a day.
    last_seen_at  timestamptz NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, fingerprint)
);

-- For "this was not me", which may come after the session has ended and its row was deleted.
CREATE INDEX known_devices_session ON known_devices (session_id);

-- For the sweep.
CREATE INDEX known_devices_last_seen ON known_devices (last_seen_at);

CREATE TRIGGER known_devices_touch
    BEFORE UPDATE
    ON known_devices
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- +goose Down
DROP TABLE known_devices;
