-- +goose Up

-- On a live database, each statement below only changes the catalog. It waits for running transactions, and other calls wait
-- behind it. So it rather fails and is run again than delays every call.
SET LOCAL lock_timeout = '5s';

-- Ending all sessions of a user is one step, however many there are: it increases the user's generation. A session is alive while
-- its generation is its user's. The other rows are deleted in the background. The session that such a step keeps gets the new
-- generation. Its access tokens with the previous one stay valid.
ALTER TABLE users
    ADD COLUMN session_generation integer NOT NULL DEFAULT 0,
    ADD COLUMN kept_session       uuid;

ALTER TABLE sessions
    ADD COLUMN generation integer     NOT NULL DEFAULT 0,
    -- When the sweep processes the session next. Renewals do not change it, so that they stay heap-only updates: an index on
    -- expires_at, which every renewal changes, made each of them write to all indexes. The first sweep processes rows of the
    -- previous version once.
    ADD COLUMN sweep_at   timestamptz NOT NULL DEFAULT 'epoch',
    -- A deleted account can have any number of sessions. Their rows are deleted in the background. See erasures.
    DROP CONSTRAINT sessions_user_id_fkey,
    -- Space on each page for the next versions of a third of its rows.
    SET (fillfactor = 70);

-- Users with rows to delete in the background: sessions that are not alive, and all rows of a deleted account.
CREATE TABLE erasures
(
    user_id    uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- First in, first out.
CREATE INDEX erasures_created_at ON erasures (created_at, user_id);

CREATE TRIGGER erasures_touch
    BEFORE UPDATE
    ON erasures
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

ALTER TABLE activity
    DROP CONSTRAINT activity_user_id_fkey;

-- +goose StatementBegin
CREATE FUNCTION erase_deleted_users() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO erasures (user_id)
    SELECT id
    FROM gone
    ON CONFLICT (user_id) DO UPDATE SET created_at = EXCLUDED.created_at;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- Triggers write the log, so that no statement can forget it, neither one of ours nor an operator's.
CREATE TRIGGER users_erase
    AFTER DELETE
    ON users
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT
EXECUTE FUNCTION erase_deleted_users();

-- newest_sessions returns the active sessions of a user, the newest first. It reads one after the other from the index. A query
-- with LIMIT may sort all sessions of the user first: Postgres expects few, as most users have, and would delay a user with a
-- million of them.
-- +goose StatementBegin
CREATE FUNCTION newest_sessions(of_user uuid, most integer, at timestamptz) RETURNS SETOF uuid
    LANGUAGE plpgsql
    STABLE AS
$$
DECLARE
    alive integer := (SELECT u.session_generation FROM users u WHERE u.id = of_user);
    found record;
BEGIN
    SELECT s.id, s.created_at
    INTO found
    FROM sessions s
    WHERE s.user_id = of_user
      AND s.generation = alive
      AND s.expires_at > at
    ORDER BY s.created_at DESC, s.id DESC
    LIMIT 1;
    FOR n IN 1..most
        LOOP
            EXIT WHEN found.id IS NULL;
            RETURN NEXT found.id;
            SELECT s.id, s.created_at
            INTO found
            FROM sessions s
            WHERE s.user_id = of_user
              AND s.generation = alive
              AND (s.created_at, s.id) < (found.created_at, found.id)
              AND s.expires_at > at
            ORDER BY s.created_at DESC, s.id DESC
            LIMIT 1;
        END LOOP;
END
$$;
-- +goose StatementEnd

-- Above this many rows, an entry for each would cost every replica more than one query for each session that still makes calls.
CREATE FUNCTION revocations_at_once() RETURNS bigint
    LANGUAGE sql
    IMMUTABLE AS
'SELECT 50000::bigint';

-- The log of revocations has two more kinds of entries, each for any number of rows. The user of both is the nil UUID. With the
-- nil UUID as session: sessions have ended, too many to name. Without a session: users have changed, too many to name.

-- +goose StatementBegin
CREATE FUNCTION log_ended_sessions(ended_sessions bigint, last_token timestamptz) RETURNS boolean
    LANGUAGE plpgsql AS
$$
BEGIN
    IF ended_sessions > revocations_at_once() THEN
        INSERT INTO revocations (user_id, session_id, expires_at)
        VALUES ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', last_token);
        PERFORM pg_notify('latchkey_revocations', '');
        RETURN true;
    END IF;
    RETURN false;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION revoke_ended_sessions() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    ended_sessions bigint;
    last_token     timestamptz;
BEGIN
    -- Replicas need to know of sessions that were alive until now and whose tokens may be valid. They know already of those that
    -- a new generation of their user, or the deletion of their user, has ended. The minute is for a replica whose clock is late.
    SELECT count(*), max(coalesce(e.access_expires_at, e.ends_at))
    INTO ended_sessions, last_token
    FROM ended e
             JOIN users u ON u.id = e.user_id AND e.generation = u.session_generation
    WHERE coalesce(e.access_expires_at, e.ends_at) > now() - interval '1 minute';
    IF ended_sessions = 0 OR log_ended_sessions(ended_sessions, last_token) THEN
        RETURN NULL;
    END IF;
    INSERT INTO revocations (user_id, session_id, expires_at)
    SELECT e.user_id, e.id, coalesce(e.access_expires_at, e.ends_at)
    FROM ended e
             JOIN users u ON u.id = e.user_id AND e.generation = u.session_generation
    WHERE coalesce(e.access_expires_at, e.ends_at) > now() - interval '1 minute';
    PERFORM pg_notify('latchkey_revocations', '');
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION revoke_truncated_sessions() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    ended_sessions bigint;
    last_token     timestamptz;
BEGIN
    SELECT count(*), max(coalesce(access_expires_at, ends_at))
    INTO ended_sessions, last_token
    FROM sessions
    WHERE coalesce(access_expires_at, ends_at) > now() - interval '1 minute';
    IF ended_sessions = 0 OR log_ended_sessions(ended_sessions, last_token) THEN
        RETURN NULL;
    END IF;
    INSERT INTO revocations (user_id, session_id, expires_at)
    SELECT user_id, id, coalesce(access_expires_at, ends_at)
    FROM sessions
    WHERE coalesce(access_expires_at, ends_at) > now() - interval '1 minute';
    PERFORM pg_notify('latchkey_revocations', '');
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION announce_changed_users() RETURNS trigger
    LANGUAGE plpgsql AS
$$
DECLARE
    changed_users bigint;
BEGIN
    SELECT count(*) INTO changed_users FROM changed;
    IF changed_users = 0 THEN
        RETURN NULL;
    ELSIF changed_users > revocations_at_once() THEN
        INSERT INTO revocations (user_id, expires_at)
        VALUES ('00000000-0000-0000-0000-000000000000', now() + interval '15 minutes');
    ELSE
        INSERT INTO revocations (user_id, expires_at)
        SELECT id, now() + interval '15 minutes'
        FROM changed;
    END IF;
    PERFORM pg_notify('latchkey_revocations', '');
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION announce_truncated_users() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO erasures (user_id)
    SELECT id
    FROM users
    ON CONFLICT (user_id) DO UPDATE SET created_at = EXCLUDED.created_at;
    INSERT INTO revocations (user_id, expires_at)
    VALUES ('00000000-0000-0000-0000-000000000000', now() + interval '15 minutes');
    PERFORM pg_notify('latchkey_revocations', '');
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- TRUNCATE fires no DELETE triggers, and does not truncate the sessions of the users.
CREATE TRIGGER users_announce_truncate
    BEFORE TRUNCATE
    ON users
    FOR EACH STATEMENT
EXECUTE FUNCTION announce_truncated_users();

-- +goose Down
SET LOCAL lock_timeout = '5s';

DROP TRIGGER users_announce_truncate ON users;
DROP FUNCTION announce_truncated_users();

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION announce_changed_users() RETURNS trigger
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

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION revoke_truncated_sessions() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO revocations (user_id, session_id, expires_at)
    SELECT user_id, id, coalesce(access_expires_at, ends_at)
    FROM sessions
    WHERE coalesce(access_expires_at, ends_at) > now() - interval '1 minute';
    IF FOUND THEN
        PERFORM pg_notify('latchkey_revocations', '');
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION revoke_ended_sessions() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO revocations (user_id, session_id, expires_at)
    SELECT user_id, id, coalesce(access_expires_at, ends_at)
    FROM ended
    WHERE coalesce(access_expires_at, ends_at) > now() - interval '1 minute';
    IF FOUND THEN
        PERFORM pg_notify('latchkey_revocations', '');
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- The previous version does not know generations: the sessions that they have ended, and the rest of deletions, are deleted now.
DELETE
FROM sessions s
    USING users u
WHERE u.id = s.user_id
  AND s.generation <> u.session_generation;
DELETE
FROM sessions s
WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = s.user_id);
DELETE
FROM activity a
WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = a.user_id);

DROP TRIGGER users_erase ON users;
DROP FUNCTION erase_deleted_users();
DROP TABLE erasures;
DROP FUNCTION log_ended_sessions(bigint, timestamptz);
DROP FUNCTION revocations_at_once();
DROP FUNCTION newest_sessions(uuid, integer, timestamptz);
ALTER TABLE activity
    ADD CONSTRAINT activity_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE sessions
    RESET (fillfactor),
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    DROP COLUMN sweep_at,
    DROP COLUMN generation;
ALTER TABLE users
    DROP COLUMN kept_session,
    DROP COLUMN session_generation;
