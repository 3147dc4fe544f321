-- +goose Up
-- A note of an administrator. The user does not see it.
ALTER TABLE activity
    ADD COLUMN note text;

-- +goose Down
ALTER TABLE activity
    DROP COLUMN note;
