package session_test

import (
	"bytes"
	"context"
	"log/slog"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/redistest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// Nothing is left of a replica that was stopped, whatever it was doing.
func TestRunLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	for name, stopsWhile := range map[string]func(t *testing.T, s *session.Service, database, redis *dbtest.Proxy){
		"it follows": func(t *testing.T, s *session.Service, _, _ *dbtest.Proxy) { await(t, "fresh", s.Fresh) },
		"it starts":  func(*testing.T, *session.Service, *dbtest.Proxy, *dbtest.Proxy) {},
		"nothing comes through": func(t *testing.T, s *session.Service, database, redis *dbtest.Proxy) {
			await(t, "fresh", s.Fresh)
			database.Swallow(dbtest.Listening)
			redis.Swallow(dbtest.All)
		},
		"it cannot connect": func(_ *testing.T, _ *session.Service, database, redis *dbtest.Proxy) {
			database.Swallow(dbtest.All)
			redis.Swallow(dbtest.All)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			database, url := dbtest.Before(t, b.url())
			redis := dbtest.NewProxy(t, redistest.Start(t).Address)
			d, err := db.Open(t.Context(), db.Config{URL: db.URL(url), MaxConns: 4, Clock: b.clock.Now})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(d.Close)
			cfg := usual
			cfg.RedisURL = secret.NewText("redis://" + redis.Address)

			var s *session.Service
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan struct{})
			// What it starts carries the label.
			pprof.Do(ctx, pprof.Labels("replica", t.Name()), func(ctx context.Context) {
				s = b.serviceOn(t, d, cfg, slog.New(slog.DiscardHandler))
				go func() {
					defer close(ended)
					s.Run(ctx)
				}()
			})
			stopsWhile(t, s, database, redis)
			asked := db.StartStopwatch()
			cancel()
			<-ended
			if took := asked.Elapsed(); took > patience/2 {
				t.Errorf("it took %v to stop", took)
			}
			await(t, "all that it has started has ended", func() bool { return !running(t, t.Name()) })
			await(t, "its connection is closed", func() bool {
				return b.count(t, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ~* '^(LISTEN|-- name: ListRev)'") == 0
			})
		})
	}
}

func running(t *testing.T, label string) bool {
	t.Helper()
	var all bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&all, 1); err != nil {
		t.Fatal(err)
	}
	return strings.Contains(all.String(), label)
}
