package password

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// ErrBusy matches every *BusyError with errors.Is.
var ErrBusy = errors.New("password: too many passwords are being hashed")

// BusyError means that the call was not attempted because too many others are running. It says nothing about the password.
type BusyError struct {
	// RetryAfter is the wait before the next attempt: by then, all current callers were served or refused.
	RetryAfter time.Duration
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("%v; retry after %s", ErrBusy, e.RetryAfter)
}

// Unwrap makes errors.Is(err, ErrBusy) true.
func (e *BusyError) Unwrap() error { return ErrBusy }

// limiter limits concurrent hashing (REQUIREMENTS PW-09). A short queue absorbs a burst. Beyond it, calls are refused at once: a
// user does not wait for a sign-in that takes longer.
type limiter struct {
	slots    chan struct{} // holds one value per running call
	waiting  atomic.Int64
	maxQueue int64
	maxWait  time.Duration
}

func newLimiter(concurrent, queue int, wait time.Duration) *limiter {
	return &limiter{slots: make(chan struct{}, concurrent), maxQueue: int64(queue), maxWait: wait}
}

// do runs work when a slot is free. Running work cannot be interrupted.
func (l *limiter) do(ctx context.Context, work func() error) error {
	if err := l.acquire(ctx); err != nil {
		return err
	}
	defer func() { <-l.slots }()
	return work()
}

func (l *limiter) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case l.slots <- struct{}{}:
		return nil
	default:
	}

	if l.waiting.Add(1) > l.maxQueue {
		l.waiting.Add(-1)
		return &BusyError{RetryAfter: l.maxWait}
	}
	defer l.waiting.Add(-1)

	timeout := time.NewTimer(l.maxWait)
	defer timeout.Stop()
	select {
	case l.slots <- struct{}{}: // blocked senders are served in order
	case <-timeout.C:
		return &BusyError{RetryAfter: l.maxWait}
	case <-ctx.Done():
		return ctx.Err()
	}
	// Both cases may have been ready, and select picks at random. The caller of a canceled call does not wait for the answer, so
	// it must not cost a hash.
	if err := ctx.Err(); err != nil {
		<-l.slots
		return err
	}
	return nil
}
