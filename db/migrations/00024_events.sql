-- +goose Up

-- The statements below change the catalog only. If a running transaction holds them up for longer, fail and be run again: every
-- call that uses the table waits meanwhile.
SET LOCAL lock_timeout = '5s';

-- What happened to accounts and to the server: append-only, written in the transaction of the act. An entry outlives the account
-- that it is about; its personal data does not. The table was called activity.
ALTER TABLE activity
    RENAME TO events;
ALTER TABLE events
    RENAME COLUMN event TO type;
ALTER TABLE events
    RENAME CONSTRAINT activity_pkey TO events_pkey;
ALTER INDEX activity_age RENAME TO events_age;
ALTER TRIGGER activity_touch ON events RENAME TO events_touch;

ALTER TABLE events
    -- The account that the event is about. Events about the server have none.
    ALTER COLUMN user_id DROP NOT NULL,
    -- The transaction that wrote the entry. A reader that follows the table goes by it, as the log of revocations does: an id or a
    -- time can become visible after a greater one. Entries from before this column have 0.
    ADD COLUMN xid        xid8 NOT NULL DEFAULT '0',
    -- Who acted: user, administrator, service, operator (the command line), system (the server by itself), or anonymous (a caller
    -- who did not prove who they are). unknown: the version before wrote the entry.
    ADD COLUMN actor_kind text NOT NULL DEFAULT 'unknown',
    -- The id of the user, administrator or service; of an operator, the name of the account on the operator's machine.
    ADD COLUMN actor_id   text NOT NULL DEFAULT '',
    -- The call, as the access log names it.
    ADD COLUMN request_id text NOT NULL DEFAULT '',
    -- What the type needs beside these columns, such as the reason of a lock-out. The user does not see it.
    ADD COLUMN details    jsonb,
    -- When the account was gone and the personal data was removed: address, user agent, and details.
    ADD COLUMN erased_at  timestamptz;
ALTER TABLE events
    ALTER COLUMN xid SET DEFAULT pg_current_xact_id();

-- For servers of the version before, until none runs: they read and write activity. The next version drops it. Their sweep goes by
-- ctid. EXECUTE hides that from sqlc, which knows no system columns.
-- +goose StatementBegin
DO
$$
    BEGIN
        EXECUTE $view$
            CREATE VIEW activity AS
            SELECT ctid, id, user_id, type AS event, at, ip, user_agent, session_id, created_at, updated_at, note
            FROM events
            WHERE erased_at IS NULL
        $view$;
    END
$$;
-- +goose StatementEnd

-- The version before deletes the entries of an account that is gone; here they stay. It also deletes what is past its retention.
-- +goose StatementBegin
CREATE FUNCTION delete_activity() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    IF EXISTS (SELECT FROM users WHERE id = OLD.user_id) THEN
        DELETE FROM events WHERE id = OLD.id;
    ELSE
        UPDATE events
        SET ip         = '',
            user_agent = '',
            details    = NULL,
            note       = NULL,
            erased_at  = now()
        WHERE id = OLD.id;
    END IF;
    RETURN OLD;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER activity_delete
    INSTEAD OF DELETE
    ON activity
    FOR EACH ROW
EXECUTE FUNCTION delete_activity();

-- This is record_failure of 00015 with an actor and a request. The other one stays for the version before.
--
-- record_failure records a failed attempt against an account, as long as a budget has room for the entry. For an account that
-- does not exist it charges the budget and writes no entry. The commit does not wait for the disk, so that the time does not
-- show which it was. An account that is being deleted is waited for, and then it does not exist.
--
-- The account is locked before the budget, as everywhere.
-- +goose StatementBegin
CREATE FUNCTION record_failure(entry uuid, owner uuid, type text, at timestamptz, actor_kind text, actor_id text, ip text,
                               user_agent text, session uuid, request_id text, budgets text[], keys bytea[], mosts integer[],
                               window_ends timestamptz[]) RETURNS void
    LANGUAGE plpgsql AS
$$
DECLARE
    known boolean;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM FROM users u WHERE u.id = owner FOR KEY SHARE;
    known := FOUND;
    IF charge_budgets(budgets, keys, mosts, window_ends, at) > 0 OR NOT known THEN
        RETURN;
    END IF;
    INSERT INTO events (id, user_id, type, at, actor_kind, actor_id, ip, user_agent, session_id, request_id)
    VALUES (entry, owner, type, at, actor_kind, actor_id, ip, user_agent, session, request_id);
END
$$;
-- +goose StatementEnd

-- +goose Down
SET LOCAL lock_timeout = '5s';
DROP FUNCTION record_failure(uuid, uuid, text, timestamptz, text, text, text, text, uuid, text, text[], bytea[], integer[], timestamptz[]);
DROP VIEW activity;
DROP FUNCTION delete_activity();
-- The version before has no such entries.
DELETE
FROM events
WHERE user_id IS NULL
   OR erased_at IS NOT NULL;
ALTER TABLE events
    ALTER COLUMN user_id SET NOT NULL,
    DROP COLUMN xid,
    DROP COLUMN actor_kind,
    DROP COLUMN actor_id,
    DROP COLUMN request_id,
    DROP COLUMN details,
    DROP COLUMN erased_at;
ALTER TRIGGER events_touch ON events RENAME TO activity_touch;
ALTER INDEX events_age RENAME TO activity_age;
ALTER TABLE events
    RENAME CONSTRAINT events_pkey TO activity_pkey;
ALTER TABLE events
    RENAME COLUMN type TO event;
ALTER TABLE events
    RENAME TO activity;
