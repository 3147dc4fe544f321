-- +goose Up
-- What an administrator has said about an entry. The user does not see it.
ALTER TABLE activity
    ADD COLUMN note text;

-- +goose Down
ALTER TABLE activity
    DROP COLUMN note;
