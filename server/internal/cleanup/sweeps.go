package cleanup

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// sweep is a kind of row that is deleted, or closed, when it is past its retention.
type sweep struct {
	// name is the argument of its jobs. It never changes its meaning.
	name string
	// keep is how long rows stay after the time that the statement goes by.
	keep time.Duration
	// step takes a bounded number of rows whose time lies before the given one, the oldest first. It reads them from an
	// index, and returns how many it took.
	step func(ctx context.Context, handle dbsqlc.DBTX, before time.Time) (int64, error)
}

const (
	// The holder of an ended code is told so for a day; then it is unknown, which answers the same.
	keepCodes = 24 * time.Hour
	// Sends and guesses count for a day. A code is tried for at most ten minutes after its send, and its proof lasts for at
	// most an hour (package settings): after two hours more, a budget is full again and its codes are swept.
	keepCodeBudgets = keepCodes + 2*time.Hour
	// People ask support about a code within days. What was sent to whom is personal data.
	keepSends = 14 * 24 * time.Hour
	// The job of a code ends within ten minutes, and that of a notice within a day. A row that is queued for longer has none:
	// its job was given up for errors of the database, which kept it from closing the row too.
	codeJobLasts = time.Hour
	anyJobLasts  = 25 * time.Hour
	// A device that was not used for thirteen months counts as a new one.
	keepKnownDevices = 400 * 24 * time.Hour
)

// sweepsOf lists what is swept. A table that is not here has to be bounded by something else, which a test asks for.
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
		// After a while and not at once, since they are few: what is left of very large accounts.
		{"erasures", 0, func(ctx context.Context, handle dbsqlc.DBTX, _ time.Time) (int64, error) {
			return eraseSome(ctx, handle)
		}},
		{"revocations", 0, q.SweepRevocations},
		{"events", keepEvents, q.SweepEvents},
		{"known_devices", keepKnownDevices, q.SweepKnownDevices},
	}
}
