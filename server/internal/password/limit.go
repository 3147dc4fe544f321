package password

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// ErrBusy is what errors.Is finds in every *BusyError.
var ErrBusy = errors.New("password: too many passwords are being hashed")

// BusyError means that the call was not attempted because too many others are
// under way. It says nothing about the password.
type BusyError struct {
	// RetryAfter is when trying again makes sense: by then everybody who waits now has
	// been served or sent away.
	RetryAfter time.Duration
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("%v; retry after %s", ErrBusy, e.RetryAfter)
}

// Unwrap makes errors.Is(err, ErrBusy) true.
func (e *BusyError) Unwrap() error { return ErrBusy }

// limiter bounds how much hashing happens at once (REQUIREMENTS PW-09). A short queue
// absorbs a burst; past it the answer is immediate, because a sign-in that waits
// longer than its user does is work for nobody.
type limiter struct {
	slots    chan struct{} // holds one value per running call
	waiting  atomic.Int64
	maxQueue int64
	maxWait  time.Duration
}

func newLimiter(concurrent, queue int, wait time.Duration) *limiter {
	return &limiter{slots: make(chan struct{}, concurrent), maxQueue: int64(queue), maxWait: wait}
}

// do runs work when a slot is free. Work cannot be interrupted once it runs.
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
	case l.slots <- struct{}{}: // blocked senders are served first come, first served
	case <-timeout.C:
		return &BusyError{RetryAfter: l.maxWait}
	case <-ctx.Done():
		return ctx.Err()
	}
	// Both may have been ready, and select picks at random. Nobody reads the answer to a
	// call that is over, so do not spend a hash on it.
	if err := ctx.Err(); err != nil {
		<-l.slots
		return err
	}
	return nil
}
