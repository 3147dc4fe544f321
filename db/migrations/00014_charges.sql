-- +goose Up

-- charge_budgets counts an attempt against several budgets, in the given order, and stops at the first one that is used up. It
-- returns the position of that one, counted from 1, or 0 if every budget had room. What was counted before stays counted. The
-- order limits the table: the budget of the caller's network comes before a key that the caller chooses.
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
