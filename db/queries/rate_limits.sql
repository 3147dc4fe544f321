-- name: ChargeBudgets :one
-- ChargeBudgets counts an attempt against budgets in order. It returns the position of the first one that is used up, counted
-- from 1, or 0. A window that has ended begins again.
SELECT charge_budgets(@budgets::text[], @keys::bytea[], @mosts::integer[], @window_ends::timestamptz[],
                      @now::timestamptz)::integer AS refused;

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

-- name: SweepRateLimits :execrows
DELETE
FROM rate_limits
WHERE ctid = ANY (ARRAY(SELECT r.ctid FROM rate_limits r WHERE r.ends_at < @before::timestamptz ORDER BY r.ends_at LIMIT 1000 FOR UPDATE SKIP LOCKED))
  AND ends_at < (SELECT @before::timestamptz);
