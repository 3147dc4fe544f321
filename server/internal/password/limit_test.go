package password

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestPW09_AStormNeverExceedsTheBound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const concurrent, queue, callers = 3, 5, 100
		l := newLimiter(concurrent, queue, time.Minute)
		var running, peak, served, refused atomic.Int64
		begin := time.Now()
		for range callers {
			go func() {
				err := l.do(t.Context(), func() error {
					now := running.Add(1)
					for p := peak.Load(); now > p && !peak.CompareAndSwap(p, now); p = peak.Load() {
					}
					time.Sleep(time.Second) // of the bubble's clock: what others do meanwhile takes none
					running.Add(-1)
					return nil
				})
				if err == nil {
					served.Add(1)
					return
				}
				var busy *BusyError
				if !errors.As(err, &busy) || !errors.Is(err, ErrBusy) || busy.RetryAfter <= 0 {
					t.Errorf("overflow got %v", err)
				}
				if waited := time.Since(begin); waited != 0 {
					t.Errorf("overflow was answered after %s", waited)
				}
				refused.Add(1)
			}()
		}
		synctest.Wait()
		time.Sleep(time.Hour)
		synctest.Wait()
		if peak.Load() != concurrent || served.Load() != concurrent+queue || refused.Load() != callers-concurrent-queue {
			t.Errorf("peak %d, served %d, refused %d", peak.Load(), served.Load(), refused.Load())
		}
		if len(l.slots) != 0 || l.waiting.Load() != 0 {
			t.Error("slots or places in the queue leaked")
		}
	})
}

func TestPW09_WaitingEndsWithTheContextOrTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1, 10, 5*time.Second)
		l.slots <- struct{}{} // one call runs
		never := func() error { t.Error("ran"); return nil }

		begin := time.Now()
		if err := l.do(t.Context(), never); !errors.Is(err, ErrBusy) || time.Since(begin) != 5*time.Second {
			t.Errorf("%v after %s", err, time.Since(begin))
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin = time.Now()
		if err := l.do(ctx, never); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("%v after %s", err, time.Since(begin))
		}

		<-l.slots
		if err := l.do(ctx, never); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call that is already over: %v", err)
		}
		if len(l.slots) != 0 || l.waiting.Load() != 0 {
			t.Error("slots or places in the queue leaked")
		}
	})
}

func TestPW09_AFailingHashGivesItsSlotBack(t *testing.T) {
	t.Parallel()
	l := newLimiter(1, 1, time.Second)
	func() {
		defer func() { _ = recover() }()
		_ = l.do(t.Context(), func() error { panic("out of memory") })
	}()
	if err := l.do(t.Context(), func() error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestPW09_EveryHashIsBounded(t *testing.T) {
	t.Parallel()
	h := newHasher(t, Config{MaxConcurrent: 1, MaxQueue: 1, MaxWait: time.Millisecond})
	encoded := mustHash(t, h, right)
	h.limit.slots <- struct{}{}

	_, err := h.Hash(t.Context(), right)
	if !errors.Is(err, ErrBusy) {
		t.Errorf("Hash: %v", err)
	}
	if _, err := h.Verify(t.Context(), right, encoded); !errors.Is(err, ErrBusy) {
		t.Errorf("Verify: %v", err)
	}
	if _, err := h.Verify(t.Context(), right, ""); !errors.Is(err, ErrBusy) {
		t.Errorf("Verify without a hash: %v", err)
	}

	// With no slot free, an answer proves that none was needed.
	for _, long := range []string{strings.Repeat("x", 129), strings.Repeat("x", 10<<20), strings.Repeat("e\u0301", 129)} {
		if _, err := h.Hash(t.Context(), long); !errors.Is(err, ErrTooLong) {
			t.Errorf("Hash of %d bytes: %v", len(long), err)
		}
		if m, err := h.Verify(t.Context(), long, encoded); err != nil || m.OK {
			t.Errorf("Verify of %d bytes: %+v, %v", len(long), m, err)
		}
		if m, err := h.Verify(t.Context(), long, ""); err != nil || m.OK {
			t.Errorf("Verify of %d bytes without a hash: %+v, %v", len(long), m, err)
		}
	}
}

// The same through the real hashes, for the race detector's sake.
func TestPW09_StormOfRealHashes(t *testing.T) {
	t.Parallel()
	h := newHasher(t, Config{MaxConcurrent: 2, MaxQueue: 4, Argon2: Argon2Params{Memory: 1024, Time: 2, Parallelism: 2}})
	encoded := mustHash(t, h, right)
	var wg sync.WaitGroup
	var served atomic.Int64
	for range 64 {
		wg.Go(func() {
			switch m, err := h.Verify(t.Context(), right, encoded); {
			case err == nil && m.OK:
				served.Add(1)
			case !errors.Is(err, ErrBusy):
				t.Errorf("%+v, %v", m, err)
			}
		})
	}
	wg.Wait()
	if served.Load() < 1 {
		t.Error("no call was served")
	}
	if len(h.limit.slots) != 0 || h.limit.waiting.Load() != 0 {
		t.Error("slots or places in the queue leaked")
	}
}
