// Package jobs runs work in the background, from a queue in Postgres (River): messages to send, and things to sweep away.
//
// A job is inserted in the transaction that causes it, so it exists if and only if that transaction commits; it survives
// restarts, and any replica may run it. Its arguments are stored in clear and kept for a while, so they hold no secret.
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
	// Timeout bounds a try of a job whose worker does not say otherwise.
	Timeout = 12 * time.Second
	// RescueAfter is when a job that is not over passes for abandoned. Somebody may be waiting for a code: a job whose worker
	// died is taken up again within the minute. River looks for such jobs every 30 seconds, and five more pass until a job
	// that was found runs. No worker may take longer, with all that it does after its timeout.
	RescueAfter = 18 * time.Second
	// What became of a message stands in its row of sends, and the arguments of jobs hold addresses and numbers: jobs that
	// have ended well go soon. Those that were given up are kept for a day, for a look at the reason. River reads all
	// that are kept every 30 seconds to find those that go: 0.2 s for a million.
	endedRetention   = time.Hour
	givenUpRetention = 24 * time.Hour
	// SoftStop is how long Stop lets running jobs finish by default: one try, and two seconds to record its result. A message
	// whose sending is cut off may have arrived, and would be sent again.
	SoftStop = Timeout + 2*time.Second
	// riverLines is how many lines a minute River may write with the same message. While the database is down, each queue
	// fails to fetch jobs every second.
	riverLines = 3
	// startTimeout bounds Start, whose caller can try again: a connection of the pool may be dead without a trace. Start takes
	// some 25 round trips one after the other, so this allows for one of a second.
	startTimeout = 30 * time.Second
	// cancelTimeout is how long a queue that was not started in time may take to stop.
	cancelTimeout = 10 * time.Second
)

// Set collects the kinds of jobs that a server runs, before it runs any.
type Set struct {
	// Workers takes a worker for each kind.
	Workers *river.Workers
	// SoftStop is how long Stop lets running jobs finish before it cancels them.
	SoftStop time.Duration

	queues   map[string]river.QueueConfig
	periodic []*river.PeriodicJob
}

// NewSet makes an empty Set.
func NewSet() *Set {
	return &Set{Workers: river.NewWorkers(), SoftStop: SoftStop, queues: map[string]river.QueueConfig{}}
}

// Queue adds a queue, of which at most so many jobs run at once in this process.
func (s *Set) Queue(name string, atOnce int) {
	s.queues[name] = river.QueueConfig{MaxWorkers: atOnce}
}

// unended are the states of a job that still runs, or will.
var unended = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Every adds a job that some replica runs in each interval, and once soon after the start. There is at most one at a time
// with the same arguments: while one runs, waits or is snoozed, no other is added.
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
	// release cancels the context that the queue was started with.
	release context.CancelFunc
}

// New makes a Client. It runs nothing before Start.
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

// Insert queues a job, once the transaction commits.
func (c *Client) Insert(ctx context.Context, tx db.Tx, args river.JobArgs, opts river.InsertOpts) error {
	if _, err := c.river.InsertTx(ctx, tx.Tx, args, &opts); err != nil {
		return fmt.Errorf("queue the job %s: %w", args.Kind(), err)
	}
	return nil
}

// Rescued tells, where a worker is asked for the time of the next try, that the one before did not fail: it went down with
// its process, and the job has waited long enough.
func Rescued(job *rivertype.JobRow, now time.Time) bool {
	return job.AttemptedAt != nil && now.Sub(*job.AttemptedAt) >= RescueAfter
}

// Start begins to run jobs. After an error it may be called again.
func (c *Client) Start(ctx context.Context) error {
	// River stops hard when the context ends that it was started with, and has no limit for the start. So it gets a context of
	// its own, which ends only if the start takes too long or is not wanted any more.
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

// Stop starts no more jobs, and lets the running ones finish for SoftStop. The others stay in the database.
func (c *Client) Stop(ctx context.Context) error {
	defer c.release()
	if err := c.river.Stop(ctx); err != nil {
		return fmt.Errorf("stop the job queue: %w", err)
	}
	return nil
}
