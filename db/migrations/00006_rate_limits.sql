-- +goose Up

-- How many attempts were made with a key within a window of time. The key is a hash, so that the rows contain no names.
CREATE TABLE rate_limits
(
    budget     text        NOT NULL,
    key        bytea       NOT NULL,
    count      integer     NOT NULL,
    since      timestamptz NOT NULL,
    -- When the window ends. After that the row is not needed.
    ends_at    timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (budget, key)
);

CREATE INDEX rate_limits_end ON rate_limits (ends_at);

CREATE TRIGGER rate_limits_touch
    BEFORE UPDATE
    ON rate_limits
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- +goose Down
DROP TABLE rate_limits;
