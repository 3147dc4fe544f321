package session

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// pageSize is how many entries of the log are read at a time: about 1.4 MB on the wire.
const pageSize = 20_000

// position is how far the log of revocations was read. The zero value is its beginning.
//
// Entries become visible in the order of commits, which is that of nothing in them. So a position is a snapshot: the
// transactions whose entries were visible. What is new is what the snapshot does not show, however long a transaction was
// open and whatever number it has.
type position struct {
	// server is the process that was read from. Transaction numbers are its own: another server, such as a standby that has
	// taken over or a restored copy, may give the same numbers to other transactions.
	server string
	// snapshot is what was read to its end; empty while that has not happened with this server.
	snapshot snapshot
	// A reading that takes several pages has begun with the snapshot next, and has come to this entry.
	next    snapshot
	xid, id int64
}

// unfinished reports whether there may be more to read at once.
func (p position) unfinished() bool { return p.snapshot == "" || p.next != "" }

// snapshot is a pg_snapshot as Postgres writes it: the first transaction that was under way, the first that had not begun,
// and those between them that were under way.
type snapshot string

// oldest is the transaction that every later snapshot of the same server begins with, or a later one.
func (s snapshot) oldest() (int64, error) {
	text, _, _ := strings.Cut(string(s), ":")
	xid, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read the snapshot %q: %w", string(s), err)
	}
	return xid, nil
}

// readPage reads the next entries of the log. When another server answers than before, it returns its beginning.
func readPage(ctx context.Context, q *dbsqlc.Queries, conn dbsqlc.DBTX, at position, now time.Time) (position, changes, error) {
	rows, err := list(ctx, q, conn, at, now)
	if err != nil {
		return at, changes{}, err
	}
	var (
		header  string
		entries int
		last    dbsqlc.ReadRevocationsRow
		n       = changes{Ended: make(map[id.Session]time.Time, len(rows))}
	)
	for _, row := range rows {
		if row.Header != "" {
			header = row.Header
			continue
		}
		last = row
		entries++
		n.add(row)
	}
	server, seen, _ := strings.Cut(header, " ")
	if again, err := at.anotherServer(server, snapshot(seen)); err != nil || again {
		// It may never have heard of what is remembered of users.
		n.AllChanged = true
		return position{server: server}, n, err
	}
	at.server = server
	if at.next == "" {
		at.next = snapshot(seen)
	}
	if entries == pageSize {
		at.xid, at.id = last.Xid, last.ID
		return at, n, nil
	}
	return position{server: server, snapshot: at.next}, n, nil
}

func list(ctx context.Context, q *dbsqlc.Queries, conn dbsqlc.DBTX, at position, now time.Time) ([]dbsqlc.ReadRevocationsRow, error) {
	if at.snapshot == "" {
		return q.ReadRevocations(ctx, conn, dbsqlc.ReadRevocationsParams{AfterID: at.id, Now: now, Size: pageSize})
	}
	found, err := q.ReadNewRevocations(ctx, conn, dbsqlc.ReadNewRevocationsParams{
		Since: string(at.snapshot), AfterXid: at.xid, AfterID: at.id, Now: now, Size: pageSize,
	})
	rows := make([]dbsqlc.ReadRevocationsRow, len(found))
	for i, row := range found {
		rows[i] = dbsqlc.ReadRevocationsRow(row)
	}
	return rows, err
}

// anotherServer reports whether what was read before says nothing about this server. A process that runs on from a copy of
// its memory, as in a virtual machine that was reset, has the same name and an earlier snapshot.
func (p position) anotherServer(server string, seen snapshot) (bool, error) {
	oldest, err := seen.oldest()
	if err != nil || p.server == "" {
		return false, err
	}
	if p.server != server {
		return true, nil
	}
	for _, before := range []snapshot{p.snapshot, p.next} {
		if before == "" {
			continue
		}
		was, err := before.oldest()
		if err != nil || oldest < was {
			return true, err
		}
	}
	return false, nil
}

// take adds an entry. The nil UUID stands for more sessions or users than could be named.
func (n *changes) add(row dbsqlc.ReadRevocationsRow) {
	switch many := row.Subject == uuid.Nil; {
	case row.UserChanged && many:
		n.AllChanged = true
	case row.UserChanged:
		n.Changed = append(n.Changed, id.User(row.Subject))
	case many:
		if row.ExpiresAt.After(n.UnnamedUntil) {
			n.UnnamedUntil = row.ExpiresAt
		}
	default:
		n.Ended[id.Session(row.Subject)] = row.ExpiresAt
	}
}
