-- name: ChargeBudget :one
-- ChargeBudget counts a try, and begins a new window when the last one has ended. No row means that the budget is used up.
INSERT INTO rate_limits AS r (budget, key, count, since, ends_at)
VALUES (@budget, @key, 1, @now::timestamptz, @window_end::timestamptz)
ON CONFLICT (budget, key) DO UPDATE
    SET count   = CASE WHEN r.ends_at <= @now::timestamptz THEN 1 ELSE r.count + 1 END,
        since   = CASE WHEN r.ends_at <= @now::timestamptz THEN @now::timestamptz ELSE r.since END,
        ends_at = CASE WHEN r.ends_at <= @now::timestamptz THEN @window_end::timestamptz ELSE r.ends_at END
WHERE r.ends_at <= @now::timestamptz
   OR r.count < @most::integer
RETURNING count;

-- name: GetBudgetEnd :one
SELECT ends_at
FROM rate_limits
WHERE budget = @budget
  AND key = @key;

-- name: ClearBudget :exec
DELETE
FROM rate_limits
WHERE budget = @budget
  AND key = @key;

-- name: SweepBudgets :execrows
DELETE
FROM rate_limits
WHERE (budget, key) IN (SELECT r.budget, r.key FROM rate_limits r WHERE r.ends_at < @now::timestamptz LIMIT 1000);
