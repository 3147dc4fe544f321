-- +goose Up

ALTER TABLE sessions
    -- When the counter last moved. For a short time after that, the previous counter is accepted too.
    ADD COLUMN refreshed_at      timestamptz,
    -- When the last access token of the session expires. Until then, those who do not ask the database must refuse an ended
    -- session. Null if a previous version has created the session.
    ADD COLUMN access_expires_at timestamptz;

-- For the sweep, which would otherwise read all sessions each time. It costs a write when a session is renewed, once a day.
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- The log that every replica reads: sessions that have ended, and users that have changed. Rows are never changed.
CREATE TABLE revocations
(
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The transaction that wrote the row. Readers use it, since rows become visible in the order of commits, which is not that of
    -- the ids.
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    -- No reference: the row outlives both.
    user_id    uuid        NOT NULL,
    -- Null if the user has changed or was deleted.
    session_id uuid,
    -- When no replica needs the row any more.
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX revocations_xid ON revocations (xid);
CREATE INDEX revocations_expires_at ON revocations (expires_at);

CREATE TRIGGER revocations_touch
    BEFORE UPDATE
    ON revocations
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- Triggers write the log, so that no statement can forget it, neither one of ours nor an operator's.

-- +goose StatementBegin
CREATE FUNCTION revoke_ended_sessions() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO revocations (user_id, session_id, expires_at)
    SELECT user_id, id, coalesce(access_expires_at, ends_at)
    FROM ended
    -- If all tokens of a session have expired, as with swept sessions, no replica needs to know of its end. The minute is for a
    -- replica whose clock is late.
    WHERE coalesce(access_expires_at, ends_at) > now() - interval '1 minute';
    IF FOUND THEN
        PERFORM pg_notify('latchkey_revocations', '');
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER sessions_revoke
    AFTER DELETE
    ON sessions
    REFERENCING OLD TABLE AS ended
    FOR EACH STATEMENT
EXECUTE FUNCTION revoke_ended_sessions();

-- Replicas cache a user for ten minutes at most. After a quarter of an hour, each of them has either read the entry or dropped
-- the user from its cache.
-- +goose StatementBegin
CREATE FUNCTION announce_changed_users() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO revocations (user_id, expires_at)
    SELECT id, now() + interval '15 minutes'
    FROM changed;
    IF FOUND THEN
        PERFORM pg_notify('latchkey_revocations', '');
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER users_announce_update
    AFTER UPDATE
    ON users
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT
EXECUTE FUNCTION announce_changed_users();

CREATE TRIGGER users_announce_delete
    AFTER DELETE
    ON users
    REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT
EXECUTE FUNCTION announce_changed_users();

-- +goose Down
DROP TRIGGER users_announce_delete ON users;
DROP TRIGGER users_announce_update ON users;
DROP FUNCTION announce_changed_users();
DROP TRIGGER sessions_revoke ON sessions;
DROP FUNCTION revoke_ended_sessions();
DROP TABLE revocations;
DROP INDEX sessions_expires_at;
ALTER TABLE sessions
    DROP COLUMN access_expires_at,
    DROP COLUMN refreshed_at;
