// Package jobs runs background work from a queue in Postgres (River): messages to send, and rows to delete.
//
// A job is inserted in the transaction that causes it, so it exists if and only if the transaction commits. It survives restarts,
// and any replica may run it. Its arguments are stored in clear and kept for some time, so they must hold no secret.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
)

const (
	// Timeout limits an attempt of a job, unless its worker has another limit.
	Timeout = 12 * time.Second
	// RescueAfter is when a job that is still running counts as abandoned. Users may be waiting for a code, so the job of a dead
	// worker is retried within a minute: River looks for such jobs every 30 seconds, and a job that was found runs up to five
	// seconds later. No worker may take longer, including all it does after its timeout.
	RescueAfter = 18 * time.Second
	// The outcome of a message is in its row of sends, and the arguments of jobs hold addresses and numbers. So completed jobs
	// are deleted soon. Failed jobs are kept for a day, for operators. River reads all kept jobs every 30 seconds to find those
	// to delete: 0.2 s for a million.
	endedRetention   = time.Hour
	givenUpRetention = 24 * time.Hour
	// SoftStop is how long Stop lets running jobs finish by default: one attempt, and two seconds to record its result. If
	// sending is interrupted, the message may have arrived, and would be sent again.
	SoftStop = Timeout + 2*time.Second
	// riverLines limits the log lines a minute of River with the same message. While the database is down, each queue fails to
	// fetch jobs every second.
	riverLines = 3
	// startTimeout limits Start, which the caller can repeat: a connection of the pool may be dead without a trace. Start needs
	// some 25 sequential round trips, so this allows one second for each.
	startTimeout = 30 * time.Second
	// cancelTimeout limits how long a queue that did not start in time may take to stop.
	cancelTimeout = 10 * time.Second
)

// Set collects the kinds of jobs of a server before it starts.
type Set struct {
	// Workers has a worker for each kind.
	Workers *river.Workers
	// SoftStop is how long Stop lets running jobs finish before it cancels them.
	SoftStop time.Duration

	queues   map[string]river.QueueConfig
	periodic []*river.PeriodicJob
}

// NewSet returns an empty Set.
func NewSet() *Set {
	return &Set{Workers: river.NewWorkers(), SoftStop: SoftStop, queues: map[string]river.QueueConfig{}}
}

// Queue adds a queue. At most atOnce of its jobs run at the same time in this process.
func (s *Set) Queue(name string, atOnce int) {
	s.queues[name] = river.QueueConfig{MaxWorkers: atOnce}
}

// unended are the states of jobs that run or will run.
var unended = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Every adds a job that one replica runs in each interval, and once soon after the start. No other job with the same arguments is
// added while one runs, waits or is snoozed.
func (s *Set) Every(interval time.Duration, queue string, args river.JobArgs) {
	s.periodic = append(s.periodic, river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) { return args, onceAtATime(queue) },
		&river.PeriodicJobOpts{RunOnStart: true},
	))
}

func onceAtATime(queue string) *river.InsertOpts {
	return &river.InsertOpts{Queue: queue, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unended}}
}

// Client inserts jobs and runs them.
type Client struct {
	river *river.Client[pgx.Tx]
	// release cancels the context with which the queue was started.
	release context.CancelFunc
}

// New returns a Client. It runs no jobs before Start.
func New(d *db.DB, set *Set, log *slog.Logger) (*Client, error) {
	client, err := river.NewClient(riverpgxv5.New(d.Pool), &river.Config{
		Queues:               set.queues,
		PeriodicJobs:         set.periodic,
		Workers:              set.Workers,
		Logger:               slog.New(warnings{loglimit.ByMessage(log.Handler(), riverLines)}),
		JobTimeout:           Timeout,
		RescueStuckJobsAfter: RescueAfter,

		CompletedJobRetentionPeriod: endedRetention,
		CancelledJobRetentionPeriod: endedRetention,
		DiscardedJobRetentionPeriod: givenUpRetention,
		SoftStopTimeout:             set.SoftStop,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the job queue: %w", err)
	}
	return &Client{river: client, release: func() {}}, nil
}

// Insert queues a job. It runs after the transaction commits.
func (c *Client) Insert(ctx context.Context, tx db.Tx, args river.JobArgs, opts river.InsertOpts) error {
	if _, err := c.river.InsertTx(ctx, tx.Tx, args, &opts); err != nil {
		return fmt.Errorf("queue the job %s: %w", args.Kind(), err)
	}
	return nil
}

// Rescued reports whether the previous attempt did not fail but died with its process, so that the job has waited long enough.
// Workers call it in NextRetry.
func Rescued(job *rivertype.JobRow, now time.Time) bool {
	return job.AttemptedAt != nil && now.Sub(*job.AttemptedAt) >= RescueAfter
}

// Start begins to run jobs. After an error, it can be called again.
func (c *Client) Start(ctx context.Context) error {
	// River stops hard when the context of its start ends, and the start has no time limit. So River gets a separate context,
	// which ends only if the start takes too long or is canceled.
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	given := context.AfterFunc(ctx, cancel)
	late := time.AfterFunc(startTimeout, cancel)
	err := c.river.Start(running)
	inTime, wanted := late.Stop(), given()
	if err == nil && inTime && wanted {
		c.release = cancel
		return nil
	}
	cancel()
	switch {
	case err != nil && inTime && wanted:
		return fmt.Errorf("start the job queue: %w", err)
	case !wanted:
		err = ctx.Err()
	default:
		err = context.DeadlineExceeded
	}
	stopping, stop := context.WithTimeout(context.WithoutCancel(ctx), cancelTimeout)
	defer stop()
	return fmt.Errorf("start the job queue: %w", errors.Join(err, c.river.Stop(stopping)))
}

// Stopped returns a channel that is closed when the queue has stopped, also without Stop. It is nil before Start.
func (c *Client) Stopped() <-chan struct{} { return c.river.Stopped() }

// Stop starts no more jobs, and lets running jobs finish for SoftStop. The others stay in the database.
func (c *Client) Stop(ctx context.Context) error {
	defer c.release()
	if err := c.river.Stop(ctx); err != nil {
		return fmt.Errorf("stop the job queue: %w", err)
	}
	return nil
}
