package notify

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Deps holds what delivery depends on.
type Deps struct {
	DB    *db.DB
	Mail  MailSender
	SMS   SMSSender
	Push  PushSender
	Codes *verification.Service
	// FindToken, FindFinalNoticeToken and ForgetDevice access the registry of devices.
	FindToken            FindToken
	FindFinalNoticeToken FindFinalNoticeToken
	ForgetDevice         ForgetDevice
	// ReportLink returns the links of notices about sign-ins.
	ReportLink ReportLink
	Clock      db.Clock
	// Log gets the failures of providers. If it is nil, they are not logged.
	Log *slog.Logger
}

// Add registers the jobs of this package.
func Add(set *jobs.Set, d Deps) {
	for _, queue := range queues {
		set.Queue(queue, workersPerQueue)
	}
	deliverer := newDeliverer(d)
	river.AddWorker(set.Workers, &codeWorker{deliverer: deliverer, codes: d.Codes, clock: d.Clock})
	river.AddWorker(set.Workers, &noticeWorker{deliverer: deliverer, link: d.ReportLink, clock: d.Clock})
	river.AddWorker(set.Workers, &pushWorker{
		deliverer: deliverer, find: d.FindToken, last: d.FindFinalNoticeToken, forget: d.ForgetDevice, link: d.ReportLink, clock: d.Clock,
	})
}

// Queue queues messages inside a transaction. They are delivered after it commits.
type Queue struct {
	jobs   *jobs.Client
	q      *dbsqlc.Queries
	limits *ratelimit.Limiter
}

// New returns a Queue. The limiter limits notices.
func New(client *jobs.Client, limits *ratelimit.Limiter) *Queue {
	return &Queue{jobs: client, q: dbsqlc.New(), limits: limits}
}

// SendCode queues the code of a verification for delivery to its contact. It is sent after the transaction commits.
func (q *Queue) SendCode(ctx context.Context, tx db.Tx, to verification.Contact, id uuid.UUID) error {
	channel := ChannelOf(to)
	waiting, err := q.note(ctx, tx, codeKind, channel, to.Value, id)
	if err != nil {
		return err
	}
	return q.jobs.Insert(ctx, tx, codeArgs{Verification: id}, river.InsertOpts{
		Queue: channel.codeQueue(), Priority: priority(firstPriority, waiting), MaxAttempts: codeMaxAttempts,
	})
}

// SendNotice queues a notice to an owner. It is sent after the transaction commits. If the owner's budget for such notices by
// this channel is used up, it queues nothing and returns false.
func (q *Queue) SendNotice(ctx context.Context, tx db.Tx, owner string, n Notice) (sent bool, err error) {
	if sent, err = q.ChargeNotice(ctx, tx, owner, n.Kind, n.Channel); err != nil || !sent {
		return false, err
	}
	send := uuid.New()
	waiting, err := q.note(ctx, tx, string(n.Kind), n.Channel, n.To, send)
	if err != nil {
		return false, err
	}
	return true, q.jobs.Insert(ctx, tx, noticeArgs{Send: send, At: tx.Now, Notice: n}, river.InsertOpts{
		Queue: n.Channel.queue(), Priority: priority(firstPriority, waiting), MaxAttempts: noticeMaxAttempts,
	})
}

// codeKind is the kind of codes in the rows of sends.
const codeKind = "code"

// note inserts the rows of messages to one recipient, and returns how many others wait for that recipient. It counts to
// fewWaiting at most.
func (q *Queue) note(ctx context.Context, tx db.Tx, kind string, channel Channel, to string, sends ...uuid.UUID) (waiting int, err error) {
	others, err := q.q.CreateSends(ctx, tx, dbsqlc.CreateSendsParams{
		Ids: sends, Kind: kind, Channel: string(channel), Contact: to, QueuedAt: tx.Now, Since: tx.Now.Add(-waitingWindow), Most: fewWaiting,
	})
	if err != nil {
		return 0, fmt.Errorf("note a send: %w", err)
	}
	return int(others), nil
}
