-- +goose Up

-- TRUNCATE fires no DELETE triggers. If an operator signs all users out by it, or clears users with CASCADE, their access tokens
-- would stay valid for a day.
-- +goose StatementBegin
CREATE FUNCTION revoke_truncated_sessions() RETURNS trigger
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

-- Before, while the rows exist. The lock that keeps others from adding rows is held by then.
CREATE TRIGGER sessions_revoke_truncated
    BEFORE TRUNCATE
    ON sessions
    FOR EACH STATEMENT
EXECUTE FUNCTION revoke_truncated_sessions();

-- +goose Down
DROP TRIGGER sessions_revoke_truncated ON sessions;
DROP FUNCTION revoke_truncated_sessions();
