-- +goose Up

-- +goose StatementBegin
-- The database keeps updated_at, so that no statement can forget it.
CREATE FUNCTION touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TABLE users
(
    id                uuid PRIMARY KEY,
    -- Both in canonical form: one spelling for lookup, uniqueness, limits and mailing.
    email             text,
    email_verified_at timestamptz,
    phone             text,
    phone_verified_at timestamptz,
    name              text        NOT NULL,
    nickname          text        NOT NULL,
    -- The nickname as it is compared: normalised and case-folded.
    nickname_key      text        NOT NULL,
    role              text        NOT NULL,
    locale            text        NOT NULL,
    -- An administrator has locked the account out.
    disabled_at       timestamptz,
    -- The password or a contact was changed. Proofs for a change of contact that are older were meant for the account as it
    -- was, and die with it.
    secured_at        timestamptz NOT NULL DEFAULT 'epoch',
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_proof CHECK (email_verified_at IS NULL OR email IS NOT NULL),
    CONSTRAINT users_phone_proof CHECK (phone_verified_at IS NULL OR phone IS NOT NULL)
);

-- Only a proven contact is unique: one that nobody has proven reserves nothing.
CREATE UNIQUE INDEX users_email_unique ON users (email) WHERE email_verified_at IS NOT NULL;
CREATE UNIQUE INDEX users_phone_unique ON users (phone) WHERE phone_verified_at IS NOT NULL;
CREATE UNIQUE INDEX users_nickname_unique ON users (nickname_key);
-- Who proves a contact takes it from those who hold it unproven, and where a contact is required but not proven, people
-- sign in with it: both look for a contact whether it is proven or not.
CREATE INDEX users_email ON users (email);
CREATE INDEX users_phone ON users (phone);

CREATE TRIGGER users_touch
    BEFORE UPDATE
    ON users
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- Apart from users, so that reading an account never brings its password hash along.
CREATE TABLE passwords
(
    user_id    uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    hash       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TRIGGER passwords_touch
    BEFORE UPDATE
    ON passwords
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- One row is one sign-in on one device.
CREATE TABLE sessions
(
    id               uuid PRIMARY KEY,
    user_id          uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- How (RFC 8176) and when the user proved who they are; renewing a session changes neither.
    amr              text[]      NOT NULL,
    authenticated_at timestamptz NOT NULL,
    user_agent       text        NOT NULL,
    ip               text        NOT NULL,
    -- The number of the refresh token that is good; it moves by compare-and-set.
    refresh_counter  integer     NOT NULL DEFAULT 0,
    last_used_at     timestamptz NOT NULL,
    -- Idle end, moved by each refresh, and absolute end, moved by nothing.
    expires_at       timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX sessions_user ON sessions (user_id);

CREATE TRIGGER sessions_touch
    BEFORE UPDATE
    ON sessions
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- +goose Down
DROP TABLE sessions;
DROP TABLE passwords;
DROP TABLE users;
DROP FUNCTION touch_updated_at();
