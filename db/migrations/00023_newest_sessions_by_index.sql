-- +goose Up

-- A connection keeps the plan of a function. A plan that was made while the table was small would read the whole table at each
-- step, even after it has grown. So the function always uses its index.
ALTER FUNCTION newest_sessions(uuid, integer, timestamptz) SET enable_seqscan = off;
ALTER FUNCTION newest_sessions(uuid, integer, timestamptz) SET enable_bitmapscan = off;
ALTER FUNCTION newest_sessions(uuid, integer, timestamptz) SET enable_sort = off;

-- +goose Down
ALTER FUNCTION newest_sessions(uuid, integer, timestamptz) RESET ALL;
