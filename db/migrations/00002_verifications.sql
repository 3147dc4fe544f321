-- +goose Up

-- Budgets of a contact and purpose: the sends that are still allowed, and the attempts with its codes. The row's lock also
-- serializes concurrent sends to one contact, so that two codes are never valid at the same time.
CREATE TABLE code_budgets
(
    purpose       text          NOT NULL,
    channel       text          NOT NULL,
    contact       text          NOT NULL,
    -- The last ten sends, the oldest first, and what follows from them.
    sent_at       timestamptz[] NOT NULL,
    next_send_at  timestamptz   NOT NULL,
    -- Attempts with all codes together, in the day that began at guesses_since.
    guesses       integer       NOT NULL DEFAULT 0,
    guesses_since timestamptz   NOT NULL DEFAULT 'epoch',
    created_at    timestamptz   NOT NULL DEFAULT now(),
    updated_at    timestamptz   NOT NULL DEFAULT now(),
    PRIMARY KEY (purpose, channel, contact)
);

CREATE TRIGGER code_budgets_touch
    BEFORE UPDATE
    ON code_budgets
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- One row is one requested code. The code itself is not stored: it is derived from a server key and the row's id.
CREATE TABLE verifications
(
    id               uuid PRIMARY KEY,
    -- SHA-256 of the verification_id that the caller has. It has 130 random bits, so it needs no slow hash.
    secret_hash      bytea       NOT NULL UNIQUE,
    purpose          text        NOT NULL CHECK (purpose IN ('sign_up', 'sign_in', 'reset_password', 'change_contact')),
    channel          text        NOT NULL CHECK (channel IN ('email', 'phone')),
    contact          text        NOT NULL,
    locale           text        NOT NULL,
    -- The code is never sent, since there is no account for it, or there is one already. The caller must not notice.
    withheld         boolean     NOT NULL,
    attempts         integer     NOT NULL DEFAULT 0,
    expires_at       timestamptz NOT NULL,
    -- A newer code has replaced it.
    replaced_at      timestamptz,
    -- The code was right: from now on, the row is a proof.
    verified_at      timestamptz,
    proof_expires_at timestamptz,
    -- The proof was used.
    consumed_at      timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT verifications_proof CHECK ((verified_at IS NULL) = (proof_expires_at IS NULL)),
    CONSTRAINT verifications_consumed CHECK (consumed_at IS NULL OR verified_at IS NOT NULL)
);

-- Only the newest code of a contact and purpose is valid, whatever a program does.
CREATE UNIQUE INDEX verifications_newest ON verifications (purpose, channel, contact)
    WHERE replaced_at IS NULL AND verified_at IS NULL;

-- For the sweep, and for proofs that a newer proof voids.
CREATE INDEX verifications_expiry ON verifications (expires_at);
CREATE INDEX verifications_contact ON verifications (channel, contact);

CREATE TRIGGER verifications_touch
    BEFORE UPDATE
    ON verifications
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- +goose Down
DROP TABLE verifications;
DROP TABLE code_budgets;
