-- +goose Up

-- What was sent to whom and how it went, for support. It holds no words, no code and no token, and of a provider's answer
-- only a class and a code.
CREATE TABLE sends
(
    -- Of a code, the verification's id.
    id         uuid PRIMARY KEY,
    -- What was sent: code, or the name of a notice.
    kind       text        NOT NULL,
    channel    text        NOT NULL CHECK (channel IN ('email', 'sms', 'push')),
    contact    text        NOT NULL,
    -- queued: not taken by a provider yet. sent: a provider has taken it. failed: given up. dropped: of no use any more before
    -- a provider took it, or not to be sent at all.
    state      text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed', 'dropped')),
    tries      integer     NOT NULL DEFAULT 0,
    -- Who was asked last, and the name that it knows the message by.
    provider   text        NOT NULL DEFAULT '',
    receipt    text        NOT NULL DEFAULT '',
    last_error text        NOT NULL DEFAULT '',
    queued_at  timestamptz NOT NULL,
    ended_at   timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sends_ended CHECK ((state = 'queued') = (ended_at IS NULL))
);

CREATE INDEX sends_contact ON sends (channel, contact, queued_at DESC);
CREATE INDEX sends_age ON sends (queued_at);

CREATE TRIGGER sends_touch
    BEFORE UPDATE
    ON sends
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- +goose Down
DROP TABLE sends;
