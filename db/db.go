// Package db is the access to Postgres: connections, transactions with their own time, and the schema.
//
// Its rules: a use-case opens the transaction, and functions that need one take a Tx. A function with a Tx never uses the pool,
// since a second connection inside a transaction deadlocks an exhausted pool. Nothing slow happens inside a transaction. The
// statements are in db/queries, and are called through package dbsqlc with the handle as an argument.
package db

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Config configures the connections.
type Config struct {
	URL URL `name:"database-url" placeholder:"URL" secret:"url" help:"Postgres to use; an embedded one is started when empty."`
	// MaxConns bounds the pool. Zero means pool_max_conns of the URL, or 20 without it.
	MaxConns int `name:"database-max-conns" placeholder:"NUMBER" help:"Most connections of the pool, 2 to 1000; when it is not set, pool_max_conns in the database URL counts, or else 20."`
	// Clock replaces the database's time; for tests.
	Clock Clock `kong:"-"`
	// Tracer traces every statement, if it is set.
	Tracer pgx.QueryTracer `kong:"-"`
}

// DB is a pool of connections to one database. Its methods may be called from many goroutines.
type DB struct {
	*pgxpool.Pool
	// Clock returns the database's time, so that replicas agree on when a code or a session ends.
	Clock Clock

	stopClock  func()
	outage     *outage
	generation *generation
}

const (
	defaultMaxConns = 20
	// No statement of ours takes a second. One that takes half a minute is stuck, and would hold its locks forever.
	statementTimeout = 30 * time.Second
	// A transaction that waits this long for its program has lost it.
	idleInTransactionTimeout = 30 * time.Second
	connectTimeout           = 10 * time.Second
	closeTimeout             = 5 * time.Second
	// The pool pings a connection that was idle for a second. This limits the wait for a server that has vanished, which would
	// otherwise last to the deadline of the call.
	pingTimeout = 2 * time.Second
)

// Open connects and measures the database's time. It fails if the database does not answer.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	pc, err := parse(cfg.URL.Reveal())
	if err != nil {
		return nil, err
	}
	switch {
	case cfg.MaxConns > 0:
		pc.MaxConns = int32(cfg.MaxConns)
	case !namesMaxConns(cfg.URL.Reveal()):
		pc.MaxConns = defaultMaxConns
	}
	pc.ConnConfig.Tracer = cfg.Tracer
	setDefault(pc.ConnConfig.RuntimeParams, "application_name", "latchkey")
	setDefault(pc.ConnConfig.RuntimeParams, "timezone", "UTC")
	setDefault(pc.ConnConfig.RuntimeParams, "statement_timeout", milliseconds(statementTimeout))
	setDefault(pc.ConnConfig.RuntimeParams, "idle_in_transaction_session_timeout", milliseconds(idleInTransactionTimeout))
	if pc.PingTimeout == 0 {
		pc.PingTimeout = pingTimeout
	}
	connections := &generation{}
	pc.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		connections.mark(conn)
		return readTimesAsUTC(ctx, conn)
	}
	pc.PrepareConn = func(_ context.Context, conn *pgx.Conn) (bool, error) { return !closedByServer(conn), nil }

	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	d := &DB{
		Pool: pool, Clock: cfg.Clock, stopClock: func() {}, outage: &outage{uptime: StartStopwatch()}, generation: connections,
	}
	if d.Clock == nil {
		synced, err := startSyncedClock(ctx, d)
		if err != nil {
			d.Close()
			return nil, fmt.Errorf("ask the database for its time: %w", err)
		}
		d.Clock, d.stopClock = synced.now, synced.stop
	}
	return d, nil
}

func parse(url string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The parser's text can contain the password.
		return nil, errors.New("the database URL cannot be read: it should look like postgres://user:password@host:5432/name")
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = connectTimeout
	}
	return cfg, nil
}

// WithClock returns a DB that shares d's pool and uses another clock. Closing either closes the pool.
func (d *DB) WithClock(clock Clock) *DB {
	return &DB{Pool: d.Pool, Clock: clock, stopClock: d.stopClock, outage: d.outage, generation: d.generation}
}

// Connect opens a connection outside the pool. The caller closes it.
func (d *DB) Connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, d.Config().ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return conn, readTimesAsUTC(ctx, conn)
}

// Close closes the pool. It waits for connections in use, but no longer than closeTimeout.
func (d *DB) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_ = d.Shutdown(ctx)
}

// closePool does what Close does, for a pool without a DB.
func closePool(pool *pgxpool.Pool) {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_ = within(ctx, pool.Close)
}

// Shutdown closes the pool and waits for connections in use. If the context ends first, it returns an error: a connection to a
// hung server would delay the end of the program.
func (d *DB) Shutdown(ctx context.Context) error {
	err := within(ctx, func() {
		d.stopClock()
		d.Pool.Close()
	})
	if err != nil {
		return fmt.Errorf("close the connections to the database: %w", err)
	}
	return nil
}

// within runs do and returns nil, or the context's error if the context ends first. In that case, do continues in the background.
func within(ctx context.Context, do func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// readTimesAsUTC makes times independent of the time zone of the machine.
func readTimesAsUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name:  "timestamptz",
		OID:   pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

func setDefault(params map[string]string, name, value string) {
	if _, ok := params[name]; !ok {
		params[name] = value
	}
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// namesMaxConns reports whether a connection URL, or the service file that it names, sets the size of the pool.
func namesMaxConns(url string) bool {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return false
	}
	_, ok := cfg.RuntimeParams["pool_max_conns"]
	return ok
}
