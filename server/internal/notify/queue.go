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

// Deps is what delivery works with.
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
	// ReportLink makes the links of notices about sign-ins.
	ReportLink ReportLink
	Clock      db.Clock
	// Log gets the troubles of providers; they are not logged when it is nil.
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

// Queue takes messages inside a transaction; they are delivered after it.
type Queue struct {
	jobs   *jobs.Client
	q      *dbsqlc.Queries
	limits *ratelimit.Limiter
}

// New makes a Queue. The limiter counts notices.
func New(client *jobs.Client, limits *ratelimit.Limiter) *Queue {
	return &Queue{jobs: client, q: dbsqlc.New(), limits: limits}
}

// SendCode queues the delivery of a verification's code to its contact, once the transaction commits.
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

// SendNotice queues a notice to an owner, once the transaction commits. It reports false, and queues nothing, when the budget of
// the owner for such notices by this channel is used up.
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

// codeKind is how rows call a code.
const codeKind = "code"

// note writes the rows of messages to one recipient, and returns how many others wait for it. Past fewWaiting it does not count.
func (q *Queue) note(ctx context.Context, tx db.Tx, kind string, channel Channel, to string, sends ...uuid.UUID) (waiting int, err error) {
	others, err := q.q.CreateSends(ctx, tx, dbsqlc.CreateSendsParams{
		Ids: sends, Kind: kind, Channel: string(channel), Contact: to, QueuedAt: tx.Now, Since: tx.Now.Add(-waitingWindow), Most: fewWaiting,
	})
	if err != nil {
		return 0, fmt.Errorf("note a send: %w", err)
	}
	return int(others), nil
}
