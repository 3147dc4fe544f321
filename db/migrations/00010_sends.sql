-- +goose Up

-- The history of messages, for support. It contains no text, code or token. Of a provider's answer it keeps only a class and a
-- code.
CREATE TABLE sends
(
    -- For a code, the id of the verification.
    id         uuid PRIMARY KEY,
    -- The kind: code, or the name of a notice.
    kind       text        NOT NULL,
    channel    text        NOT NULL CHECK (channel IN ('email', 'sms', 'push')),
    contact    text        NOT NULL,
    -- queued: no provider has accepted it yet. sent: a provider has accepted it. failed: delivery was given up. dropped: no
    -- longer useful before a provider accepted it, or not to be sent at all.
    state      text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed', 'dropped')),
    tries      integer     NOT NULL DEFAULT 0,
    -- The provider of the last attempt, and its id of the message.
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
