-- +goose Up

-- A connection keeps the plan of a function for as long as it lives. One that was made while the table was small reads all
-- of it, at each step, and goes on doing so when the table has grown: the function always goes by its index.
ALTER FUNCTION newest_sessions(uuid, integer, timestamptz) SET enable_seqscan = off;
ALTER FUNCTION newest_sessions(uuid, integer, timestamptz) SET enable_bitmapscan = off;
ALTER FUNCTION newest_sessions(uuid, integer, timestamptz) SET enable_sort = off;

-- +goose Down
ALTER FUNCTION newest_sessions(uuid, integer, timestamptz) RESET ALL;
