-- name: ChargeBudgets :one
-- ChargeBudgets counts a try against budgets in their order. It returns the position of the first one that is used up,
-- counted from 1, or 0. A window that has ended begins anew.
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

-- name: SweepBudgets :execrows
DELETE
FROM rate_limits
WHERE (budget, key) IN (SELECT r.budget, r.key FROM rate_limits r WHERE r.ends_at < @now::timestamptz LIMIT 1000);
