package session

import (
	"errors"
	"testing"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// A pooler goes on with a server that has lost transactions, and the connection to the pooler stays.
func TestSE09_AServerBehindAPoolerIsNoticed(t *testing.T) {
	t.Parallel()
	f := &feed{db: dbtest.New(t), q: dbsqlc.New(), apply: func(news) {}}
	conn, err := f.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	read := func(from position) (position, error) { return f.read(t.Context(), conn, from, firstReadTimeout) }

	at, err := read(position{})
	for range 3 {
		if err != nil {
			t.Fatal(err)
		}
		at, err = read(at)
	}
	at.horizon += 1_000_000
	if _, err := read(at); !errors.Is(err, errAnotherServer) {
		t.Errorf("got %v", err)
	}
}
