-- +goose Up

-- +goose StatementBegin
-- A trigger keeps updated_at, so that no statement can forget it.
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
    -- Both in canonical form: one spelling for look-up, uniqueness, limits and messages.
    email             text,
    email_verified_at timestamptz,
    phone             text,
    phone_verified_at timestamptz,
    name              text        NOT NULL,
    nickname          text        NOT NULL,
    -- The form in which nicknames are compared: normalized and case-folded.
    nickname_key      text        NOT NULL,
    role              text        NOT NULL,
    locale            text        NOT NULL,
    -- When an administrator disabled the account.
    disabled_at       timestamptz,
    -- When the password or a contact was last changed. Older proofs for a change of contact are void: they were meant for the
    -- account as it was before.
    secured_at        timestamptz NOT NULL DEFAULT 'epoch',
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_email_proof CHECK (email_verified_at IS NULL OR email IS NOT NULL),
    CONSTRAINT users_phone_proof CHECK (phone_verified_at IS NULL OR phone IS NOT NULL)
);

-- Only a proven contact is unique: a contact without a proof reserves nothing.
CREATE UNIQUE INDEX users_email_unique ON users (email) WHERE email_verified_at IS NOT NULL;
CREATE UNIQUE INDEX users_phone_unique ON users (phone) WHERE phone_verified_at IS NOT NULL;
CREATE UNIQUE INDEX users_nickname_unique ON users (nickname_key);
-- A user who proves a contact takes it from the accounts that hold it without a proof. And where a contact is required but not
-- its proof, users sign in with it. Both look for a contact whether or not it is proven.
CREATE INDEX users_email ON users (email);
CREATE INDEX users_phone ON users (phone);

CREATE TRIGGER users_touch
    BEFORE UPDATE
    ON users
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- Apart from users, so that reading an account never reads its password hash.
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
    -- How (RFC 8176) and when the user authenticated. Renewing a session changes neither.
    amr              text[]      NOT NULL,
    authenticated_at timestamptz NOT NULL,
    user_agent       text        NOT NULL,
    ip               text        NOT NULL,
    -- The number of the valid refresh token. Updates compare and set it.
    refresh_counter  integer     NOT NULL DEFAULT 0,
    last_used_at     timestamptz NOT NULL,
    -- The end without a renewal, which each refresh moves, and the absolute end, which never moves.
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
