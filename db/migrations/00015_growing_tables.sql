-- +goose NO TRANSACTION
-- +goose Up

-- Indexes are built concurrently, without blocking running servers, which is not possible in a transaction. After an
-- interruption, an invalid index remains. So each is dropped before it is built, and this migration can be run again from its
-- beginning.

-- Lists of activity are sorted by the database's time. The id comes second: it is made with the clock of the replica's machine.
DROP INDEX CONCURRENTLY IF EXISTS activity_user_at;
CREATE INDEX CONCURRENTLY activity_user_at ON activity (user_id, at DESC, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS activity_user;

-- The following indexes are for the sweeps: each statement reads only the rows that are due.

-- On an expression, so that no plan reads one user's list from this index, and with it the entries of all other users.
DROP INDEX CONCURRENTLY IF EXISTS activity_age;
CREATE INDEX CONCURRENTLY activity_age ON activity (timezone('UTC', at));

-- A proof outlives its code. The expression changes once, when the code becomes a proof. That row also leaves a partial index
-- then.
DROP INDEX CONCURRENTLY IF EXISTS verifications_end;
CREATE INDEX CONCURRENTLY verifications_end ON verifications (greatest(expires_at, proof_expires_at));
DROP INDEX CONCURRENTLY IF EXISTS verifications_expiry;

-- Changes at most ten times a day for a contact and purpose; attempts do not change it.
DROP INDEX CONCURRENTLY IF EXISTS code_budgets_next_send;
CREATE INDEX CONCURRENTLY code_budgets_next_send ON code_budgets (next_send_at);

-- A code is given up hours before a notice: without this index, the sweep would read all queued notices in between.
DROP INDEX CONCURRENTLY IF EXISTS sends_queued_codes;
CREATE INDEX CONCURRENTLY sends_queued_codes ON sends (queued_at) WHERE state = 'queued' AND kind = 'code';

-- record_failure records a failed attempt against an account, if a budget has room for the entry. If the account does not exist,
-- it charges the budget and writes no entry. The commit does not wait for the disk, so that the time does not reveal which it
-- was. If the account is being deleted, it waits, and then the account does not exist.
--
-- The account is locked before the budget, as everywhere.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION record_failure(entry uuid, owner uuid, event text, at timestamptz, ip text, user_agent text, session uuid,
                                          budgets text[], keys bytea[], mosts integer[], window_ends timestamptz[]) RETURNS void
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
    INSERT INTO activity (id, user_id, event, at, ip, user_agent, session_id)
    VALUES (entry, owner, event, at, ip, user_agent, session);
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION IF EXISTS record_failure;
DROP INDEX CONCURRENTLY IF EXISTS sends_queued_codes;
DROP INDEX CONCURRENTLY IF EXISTS code_budgets_next_send;
DROP INDEX CONCURRENTLY IF EXISTS verifications_expiry;
CREATE INDEX CONCURRENTLY verifications_expiry ON verifications (expires_at);
DROP INDEX CONCURRENTLY IF EXISTS verifications_end;
DROP INDEX CONCURRENTLY IF EXISTS activity_age;
DROP INDEX CONCURRENTLY IF EXISTS activity_user;
CREATE INDEX CONCURRENTLY activity_user ON activity (user_id, id DESC);
DROP INDEX CONCURRENTLY IF EXISTS activity_user_at;
