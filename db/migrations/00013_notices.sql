-- +goose Up

-- A hash by which the session of the short link in a text message is found. The link is derived and not stored. The hash is set
-- only if such a message was caused, and is deleted with the session.
ALTER TABLE sessions
    ADD COLUMN disown_hash bytea;

CREATE UNIQUE INDEX sessions_disown_hash ON sessions (disown_hash) WHERE disown_hash IS NOT NULL;

-- The tokens of devices that get a final notice: their sessions have ended, and the registry has deleted the devices.
CREATE TABLE farewells
(
    send_id    uuid PRIMARY KEY REFERENCES sends (id) ON DELETE CASCADE,
    -- The deleted device, to whose id the token is bound.
    device_id  uuid        NOT NULL,
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- As in devices: encrypted, and a keyed hash.
    token      bytea       NOT NULL,
    token_hash bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX farewells_user ON farewells (user_id);

CREATE TRIGGER farewells_touch
    BEFORE UPDATE
    ON farewells
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- A trigger deletes the token when the send has ended, for whatever reason, so that no statement can keep it.
-- +goose StatementBegin
CREATE FUNCTION forget_farewell() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    DELETE FROM farewells WHERE send_id = NEW.id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER sends_forget_farewell
    AFTER UPDATE OF state
    ON sends
    FOR EACH ROW
    WHEN (NEW.channel = 'push' AND NEW.state <> 'queued')
EXECUTE FUNCTION forget_farewell();

-- For the schedule, which closes abandoned sends.
CREATE INDEX sends_queued ON sends (queued_at) WHERE state = 'queued';

-- +goose Down
DROP INDEX sends_queued;
DROP TRIGGER sends_forget_farewell ON sends;
DROP FUNCTION forget_farewell();
DROP TABLE farewells;
DROP INDEX sessions_disown_hash;
ALTER TABLE sessions
    DROP COLUMN disown_hash;
