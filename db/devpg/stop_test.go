//go:build linux || darwin

package devpg_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/devpg"
)

func TestStop_Twice(t *testing.T) {
	t.Parallel()
	s := start(t, devpg.Options{})
	_, dir, _ := strings.Cut(s.Describe(), "files in ")

	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := s.Stop(context.Background()); err != nil {
				t.Error(err)
			}
			if exists(dir) {
				t.Errorf("%s is left", dir)
			}
		})
	}
	both.Wait()
}

func TestStop_WithClients(t *testing.T) {
	t.Parallel()
	s := start(t, devpg.Options{Dir: usedDir(t)})
	conn, err := pgx.Connect(t.Context(), s.URL())
	must(t, err)
	defer conn.Close(context.Background())

	stop(t, s)

	if conn.Ping(t.Context()) == nil {
		t.Error("the connection lives on")
	}
}

func TestStop_ErrInAHurry(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	s := start(t, devpg.Options{Dir: dir, Durable: true})
	remember(t, s.URL())
	pid := postmaster(t, dir)
	ended, cancel := context.WithCancel(t.Context())
	cancel()

	err := s.Stop(ended)

	if err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if alive(pid) {
		t.Errorf("process %d lives on", pid)
	}
	remembers(t, start(t, devpg.Options{Dir: dir}).URL())
}
