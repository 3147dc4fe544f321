-- +goose Up

-- charge_budgets counts a try against several budgets, in the given order, and stops at the first one that is used up. It
-- returns the position of that one, counted from 1, or 0 when every budget had room. What was counted before it stays
-- counted. The order is what bounds the table: a key that a stranger chooses stands behind the stranger's network.
-- +goose StatementBegin
CREATE FUNCTION charge_budgets(budgets text[], keys bytea[], mosts integer[], window_ends timestamptz[], at timestamptz) RETURNS integer
    LANGUAGE plpgsql AS
$$
BEGIN
    FOR i IN 1..cardinality(budgets)
        LOOP
            INSERT INTO rate_limits AS r (budget, key, count, since, ends_at)
            VALUES (budgets[i], keys[i], 1, at, window_ends[i])
            ON CONFLICT (budget, key) DO UPDATE
                SET count   = CASE WHEN r.ends_at <= at THEN 1 ELSE r.count + 1 END,
                    since   = CASE WHEN r.ends_at <= at THEN at ELSE r.since END,
                    ends_at = CASE WHEN r.ends_at <= at THEN window_ends[i] ELSE r.ends_at END
            WHERE r.ends_at <= at
               OR r.count < mosts[i];
            IF NOT FOUND THEN
                RETURN i;
            END IF;
        END LOOP;
    RETURN 0;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION charge_budgets;
