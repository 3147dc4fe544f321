package notify

import (
	"context"
	"fmt"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
)

// Budgets of notices, by channel. Each kind of notice has its own budgets for each owner, so that one kind cannot use up those of
// another. SMS cost money and disturb the user most.
var (
	smsBudgets = []ratelimit.Budget{
		{Name: "notice_sms_hour", Limit: 3, Window: time.Hour}, {Name: "notice_sms_day", Limit: 10, Window: 24 * time.Hour},
	}
	mailBudgets = []ratelimit.Budget{
		{Name: "notice_mail_hour", Limit: 10, Window: time.Hour}, {Name: "notice_mail_day", Limit: 30, Window: 24 * time.Hour},
	}
	// A notice to all devices of a user counts once.
	pushBudgets = []ratelimit.Budget{
		{Name: "notice_push_hour", Limit: 10, Window: time.Hour}, {Name: "notice_push_day", Limit: 30, Window: 24 * time.Hour},
	}
)

// noticeBudgets holds the budgets of every kind of notice. A kind that has none for a channel is not sent there.
var noticeBudgets = map[NoticeKind]map[Channel][]ratelimit.Budget{
	PasswordChanged:   {SMS: smsBudgets, Email: mailBudgets, PushChannel: pushBudgets},
	ContactChanged:    {SMS: smsBudgets, Email: mailBudgets, PushChannel: pushBudgets},
	SignedInElsewhere: {SMS: smsBudgets, Email: mailBudgets, PushChannel: pushBudgets},
	ContactLost:       {SMS: smsBudgets, Email: mailBudgets},
	AccountExists:     {SMS: smsBudgets, Email: mailBudgets},
}

// ChargeNotice charges a notice to the budgets of its owner for its kind and channel, and reports whether it is within them. The
// owner is an account, or a contact if there is no account.
func (q *Queue) ChargeNotice(ctx context.Context, tx db.Tx, owner string, kind NoticeKind, channel Channel) (room bool, err error) {
	return q.charge(ctx, tx, kind, channel, owner)
}

func (q *Queue) charge(ctx context.Context, tx db.Tx, kind NoticeKind, channel Channel, owner ...string) (room bool, err error) {
	budgets := noticeBudgets[kind][channel]
	if len(budgets) == 0 {
		return false, fmt.Errorf("%s by %s has no budget", kind, channel)
	}
	charges := make([]ratelimit.Charge, len(budgets))
	for i, budget := range budgets {
		charges[i] = budget.Of(append([]string{string(kind)}, owner...)...)
	}
	err = q.limits.ChargeTx(ctx, tx, charges...)
	if fault.Is(err, latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("charge a notice: %w", err)
	}
	return true, nil
}
