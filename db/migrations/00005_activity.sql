-- +goose Up

-- Events that concern the security of an account. Rows are written in the transaction of the event, and never changed.
CREATE TABLE activity
(
    id         uuid PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    event      text        NOT NULL,
    at         timestamptz NOT NULL,
    ip         text        NOT NULL,
    user_agent text        NOT NULL,
    session_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- Lists are sorted by id, which is sorted by time.
CREATE INDEX activity_user ON activity (user_id, id DESC);

CREATE TRIGGER activity_touch
    BEFORE UPDATE
    ON activity
    FOR EACH ROW
EXECUTE FUNCTION touch_updated_at();

-- +goose Down
DROP TABLE activity;
