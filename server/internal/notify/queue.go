package notify

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/latchkey-auth/latchkey/db"
)

// A queue for each channel, so that a slow mail server holds up no SMS.
const (
	mailQueue = "mail"
	smsQueue  = "sms"
)

const (
	workersPerQueue = 10
	// Somebody waits for the code: a job whose worker died is taken up again within the minute.
	rescueAfter = 45 * time.Second
	// How long a stopping server lets the messages that are being handed over finish.
	softStop = 10 * time.Second
)

// Config says what the queue works with.
type Config struct {
	Send     Send
	FindCode FindCode
	Log      *slog.Logger
}

// Queue takes messages inside a transaction and delivers them after it.
type Queue struct {
	client *river.Client[pgx.Tx]
}

// New makes a Queue. It delivers nothing before Start.
func New(d *db.DB, cfg Config) (*Queue, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &codeWorker{find: cfg.FindCode, send: cfg.Send, clock: d.Clock})
	client, err := river.NewClient(riverpgxv5.New(d.Pool), &river.Config{
		Queues: map[string]river.QueueConfig{
			mailQueue: {MaxWorkers: workersPerQueue},
			smsQueue:  {MaxWorkers: workersPerQueue},
		},
		Workers:              workers,
		Logger:               cfg.Log,
		JobTimeout:           codeTimeout,
		RescueStuckJobsAfter: rescueAfter,
		SoftStopTimeout:      softStop,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the job queue: %w", err)
	}
	return &Queue{client: client}, nil
}

// Start begins to deliver.
func (q *Queue) Start(ctx context.Context) error {
	// River would stop at once, and hard, when the context ends; Stop is the one way here.
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	return nil
}

// Stop finishes the messages that are being handed over; the others stay in the database.
func (q *Queue) Stop(ctx context.Context) error {
	if err := q.client.Stop(ctx); err != nil {
		return fmt.Errorf("stop the job queue: %w", err)
	}
	return nil
}

// SendCode queues the delivery of a code, once the transaction commits.
func (q *Queue) SendCode(ctx context.Context, tx db.Tx, channel Channel, verification VerificationID) error {
	queue := mailQueue
	if channel == SMS {
		queue = smsQueue
	}
	_, err := q.client.InsertTx(ctx, tx.Tx, codeArgs{Verification: verification}, &river.InsertOpts{
		Queue: queue, MaxAttempts: codeMaxAttempts,
	})
	if err != nil {
		return fmt.Errorf("queue the code: %w", err)
	}
	return nil
}
