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

// pageSize is how many entries of the log are read at once: about 1.4 MB on the wire.
const pageSize = 20_000

// position is how far the log of revocations was read. The zero value is its beginning.
//
// Entries become visible in the order of commits, which no column of theirs reflects. So a position is a snapshot: the set of
// transactions whose entries were visible. An entry is new if the snapshot does not include its transaction, however long that
// was open and whatever its number is.
type position struct {
	// server identifies the server process that was read from. Transaction numbers belong to a server: a standby after a
	// failover, or a restored copy, may give the same numbers to other transactions.
	server string
	// snapshot is what was read completely; empty if that has not happened with this server yet.
	snapshot snapshot
	// A read of several pages began with the snapshot next, and has reached this entry.
	next    snapshot
	xid, id int64
}

// unfinished reports whether there may be more to read now.
func (p position) unfinished() bool { return p.snapshot == "" || p.next != "" }

// snapshot is a pg_snapshot in the text form of Postgres: the first transaction in progress, the first not yet started, and those
// between them in progress.
type snapshot string

// oldest returns the first transaction in progress. In later snapshots of the same server it is the same or a later one.
func (s snapshot) oldest() (int64, error) {
	text, _, _ := strings.Cut(string(s), ":")
	xid, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read the snapshot %q: %w", string(s), err)
	}
	return xid, nil
}

// readPage reads the next entries of the log. If another server answers than before, it returns the beginning of that server's
// log.
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
		// The other server may lack changes of the cached users.
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

// anotherServer reports whether the position is not valid for this server. If a virtual machine was reset to a copy of its
// memory, the server has the same name but an earlier snapshot.
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

// add adds an entry. The nil UUID stands for more sessions or users than could be named.
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
