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
)

// A queue for each channel, so that a slow mail server holds up no SMS.
const (
	mailQueue = "mail"
	smsQueue  = "sms"
	pushQueue = "push"
)

const workersPerQueue = 10

func (c Channel) queue() string {
	switch c {
	case SMS:
		return smsQueue
	case PushChannel:
		return pushQueue
	default:
		return mailQueue
	}
}

// Deps is what delivery works with.
type Deps struct {
	DB       *db.DB
	Mail     MailSender
	SMS      SMSSender
	Push     PushSender
	FindCode FindCode
	Return   ReturnSend
	// FindToken, FindFarewell and ForgetDevice know the devices.
	FindToken    FindToken
	FindFarewell FindFarewell
	ForgetDevice ForgetDevice
	// DisownLink makes the links of notices about sign-ins.
	DisownLink DisownLink
	Clock      db.Clock
	// Log tells operators of providers in trouble; nobody when nil.
	Log *slog.Logger
}

// Add registers the jobs of this package.
func Add(set *jobs.Set, d Deps) {
	set.Queue(mailQueue, workersPerQueue)
	set.Queue(smsQueue, workersPerQueue)
	set.Queue(pushQueue, workersPerQueue)
	courier := newCourier(d)
	river.AddWorker(set.Workers, &codeWorker{courier: courier, find: d.FindCode, back: d.Return, clock: d.Clock})
	river.AddWorker(set.Workers, &noticeWorker{courier: courier, link: d.DisownLink, clock: d.Clock})
	river.AddWorker(set.Workers, &pushWorker{
		courier: courier, push: d.Push, find: d.FindToken, last: d.FindFarewell, forget: d.ForgetDevice, link: d.DisownLink, clock: d.Clock,
	})
}

// Queue takes messages inside a transaction; they are delivered after it.
type Queue struct {
	jobs *jobs.Client
	q    *dbsqlc.Queries
}

// New makes a Queue.
func New(client *jobs.Client) *Queue { return &Queue{jobs: client, q: dbsqlc.New()} }

// SendCode queues the delivery of a code to an address or a number, once the transaction commits.
func (q *Queue) SendCode(ctx context.Context, tx db.Tx, channel Channel, to string, verification VerificationID) error {
	if err := q.note(ctx, tx, verification, "code", channel, to); err != nil {
		return err
	}
	return q.jobs.Insert(ctx, tx, codeArgs{Verification: verification}, river.InsertOpts{
		Queue: channel.queue(), MaxAttempts: codeMaxAttempts,
	})
}

// SendNotice queues a notice, once the transaction commits.
func (q *Queue) SendNotice(ctx context.Context, tx db.Tx, n Notice) error {
	send := uuid.New()
	if err := q.note(ctx, tx, send, string(n.Kind), n.Channel, n.To); err != nil {
		return err
	}
	return q.jobs.Insert(ctx, tx, noticeArgs{Send: send, At: tx.Now, Notice: n}, river.InsertOpts{
		Queue: n.Channel.queue(), MaxAttempts: noticeMaxAttempts,
	})
}

func (q *Queue) note(ctx context.Context, tx db.Tx, send uuid.UUID, kind string, channel Channel, to string) error {
	if err := q.q.CreateSend(ctx, tx, dbsqlc.CreateSendParams{
		ID: send, Kind: kind, Channel: string(channel), Contact: to, QueuedAt: tx.Now,
	}); err != nil {
		return fmt.Errorf("note a send: %w", err)
	}
	return nil
}
