package notify

import (
	"context"

	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
)

// A queue for each channel, so that a slow mail server holds up no SMS.
const (
	mailQueue = "mail"
	smsQueue  = "sms"
)

const workersPerQueue = 10

func (c Channel) queue() string {
	if c == SMS {
		return smsQueue
	}
	return mailQueue
}

// Deps is what delivery works with.
type Deps struct {
	Send     Send
	FindCode FindCode
	Clock    db.Clock
}

// Add registers the jobs of this package.
func Add(set *jobs.Set, d Deps) {
	set.Queue(mailQueue, workersPerQueue)
	set.Queue(smsQueue, workersPerQueue)
	river.AddWorker(set.Workers, &codeWorker{find: d.FindCode, send: d.Send, clock: d.Clock})
	river.AddWorker(set.Workers, &noticeWorker{send: d.Send})
}

// Queue takes messages inside a transaction; they are delivered after it.
type Queue struct{ jobs *jobs.Client }

// New makes a Queue.
func New(client *jobs.Client) *Queue { return &Queue{jobs: client} }

// SendCode queues the delivery of a code, once the transaction commits.
func (q *Queue) SendCode(ctx context.Context, tx db.Tx, channel Channel, verification VerificationID) error {
	return q.jobs.Insert(ctx, tx, codeArgs{Verification: verification}, river.InsertOpts{
		Queue: channel.queue(), MaxAttempts: codeMaxAttempts,
	})
}

// SendNotice queues a notice, once the transaction commits.
func (q *Queue) SendNotice(ctx context.Context, tx db.Tx, n Notice) error {
	return q.jobs.Insert(ctx, tx, noticeArgs{n}, river.InsertOpts{
		Queue: n.Channel.queue(), MaxAttempts: noticeMaxAttempts,
	})
}
