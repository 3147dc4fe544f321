-- +goose Up

ALTER TABLE sessions
    -- When the counter moved last. For a short while after, the counter before it is honoured too.
    ADD COLUMN refreshed_at      timestamptz,
    -- When the last access token ends that was made for the session, so until when an ended session has to be refused by
    -- those who do not ask the database. Null where a version before this one has made the session.
    ADD COLUMN access_expires_at timestamptz;

-- For the sweep, which would look through all sessions again and again. Renewing a session pays for it, once a day.
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- What every replica has to hear of: sessions that have ended, and users that have changed. Rows are never changed.
CREATE TABLE revocations
(
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The transaction that wrote the row. Readers go by it: rows become visible in the order of commits, which is not that
    -- of the ids.
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    -- No reference: the row outlives both.
    user_id    uuid        NOT NULL,
    -- Null when the user has changed, or is gone.
    session_id uuid,
    -- When nobody can need to hear of it any more.
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

-- The database writes the log, so that no statement can forget it: neither one of ours nor an operator's.

-- +goose StatementBegin
CREATE FUNCTION revoke_ended_sessions() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO revocations (user_id, session_id, expires_at)
    SELECT user_id, id, coalesce(access_expires_at, ends_at)
    FROM ended
    -- Whose tokens have ended by themselves, as those of all sessions that are swept away, nobody needs to hear of. The
    -- minute is for a replica whose clock is late.
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

-- Replicas keep what they know of a user for ten minutes at most. What is older than a quarter of an hour, each of them has
-- either heard of or forgotten by itself.
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
