package cleanup

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// sweep deletes, or closes, one kind of row past its retention.
type sweep struct {
	// name is the argument of its jobs. Its meaning must never change.
	name string
	// keep is how long rows are kept after the time that the statement compares.
	keep time.Duration
	// step processes a bounded number of rows from before the given time, the oldest first, by an index. It returns their number.
	step func(ctx context.Context, handle dbsqlc.DBTX, before time.Time) (int64, error)
}

const (
	// For a day, the holder of an expired code learns that it has expired. After that the verification is unknown, which gets the
	// same answer.
	keepCodes = 24 * time.Hour
	// Sends and attempts count for a day. A code allows attempts for at most ten minutes, and its proof lasts for at most an hour
	// (package settings). After two more hours, the budget is full again and the codes are swept.
	keepCodeBudgets = keepCodes + 2*time.Hour
	// Users ask support about a code within days. Who was sent what is personal data.
	keepSends = 14 * 24 * time.Hour
	// The job of a code ends within ten minutes, and that of a notice within a day. A row that is queued for longer has no job:
	// it was given up because of database errors, which also kept it from closing the row.
	codeJobLasts = time.Hour
	anyJobLasts  = 25 * time.Hour
	// After thirteen months without a use, a device counts as a new one.
	keepKnownDevices = 400 * 24 * time.Hour
)

// sweepsOf lists the sweeps. A table that is missing here must be bounded in another way; a test checks this.
func sweepsOf(d *db.DB, keepEvents time.Duration) []sweep {
	q := dbsqlc.New()
	return []sweep{
		{"verifications", keepCodes, q.SweepVerifications},
		{"code_budgets", keepCodeBudgets, q.SweepCodeBudgets},
		{"rate_limits", 0, q.SweepRateLimits},
		{"abandoned_codes", codeJobLasts, func(ctx context.Context, handle dbsqlc.DBTX, before time.Time) (int64, error) {
			return q.CloseAbandonedCodes(ctx, handle, dbsqlc.CloseAbandonedCodesParams{Now: d.Clock(), Before: before})
		}},
		{"abandoned_sends", anyJobLasts, func(ctx context.Context, handle dbsqlc.DBTX, before time.Time) (int64, error) {
			return q.CloseAbandonedSends(ctx, handle, dbsqlc.CloseAbandonedSendsParams{Now: d.Clock(), Before: before})
		}},
		{"sends", keepSends, q.SweepSends},
		{"sessions", 0, q.SweepSessions},
		// After some time, since they are few: the rest of very large accounts.
		{"erasures", 0, func(ctx context.Context, handle dbsqlc.DBTX, _ time.Time) (int64, error) {
			return eraseSome(ctx, handle)
		}},
		{"revocations", 0, q.SweepRevocations},
		{"events", keepEvents, q.SweepEvents},
		{"known_devices", keepKnownDevices, q.SweepKnownDevices},
	}
}
