package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const (
	channel = "latchkey:revocations"
	// Changes that are not published within this time reach the other replicas through the log.
	publishTimeout = 200 * time.Millisecond
	// The number of changes that can wait for Redis. Further changes reach the other replicas through the log.
	publishQueue     = 1024
	redisDialTimeout = 2 * time.Second
	redisRetry       = 500 * time.Millisecond
	// A change from Redis is believed for this long. If it is true, the log has it by then.
	hearsay = 10 * time.Minute
	// Longer messages are not ours: this is enough for about ten thousand sessions.
	maxMessage = 1 << 20
)

// fanout sends changes between replicas through Redis or Valkey, ahead of the log. It stores nothing there. If Redis fails, the
// log brings the same changes a moment later.
type fanout struct {
	options rueidis.ClientOption
	clock   db.Clock
	log     *slog.Logger
	queue   chan changes
}

func newFanout(redis secret.Text, clock db.Clock, log *slog.Logger) (*fanout, error) {
	options, err := rueidis.ParseURL(redis.Reveal())
	if err != nil || !namesAServer(redis) {
		// The parser's message can contain the password.
		return nil, errors.New("the Redis URL cannot be read: it should look like redis://user:password@host:6379/0, or rediss:// with TLS")
	}
	options.ClientName = "latchkey"
	// There are no reads to cache.
	options.DisableCache = true
	options.DisableRetry = true
	options.Dialer = net.Dialer{Timeout: redisDialTimeout}
	options.ConnWriteTimeout = redisDialTimeout
	return &fanout{options: options, clock: clock, log: log, queue: make(chan changes, publishQueue)}, nil
}

// namesAServer refuses redis:6379, which many tools accept as host and port: the parser would take it for this machine.
func namesAServer(redis secret.Text) bool {
	u, err := url.Parse(redis.Reveal())
	if err != nil {
		return false
	}
	if u.Scheme == "unix" {
		return u.Path != ""
	}
	// A colon in the host is allowed only within the brackets of an IPv6 address.
	return u.Hostname() != "" && (u.Host[0] == '[' || !strings.Contains(u.Hostname(), ":"))
}

// publish sends changes to the other replicas, unless the queue is full.
func (f *fanout) publish(n changes) {
	select {
	case f.queue <- n:
	default:
	}
}

// run connects, and connects again after each failure, until the context ends.
func (f *fanout) run(ctx context.Context, apply func(changes)) {
	var lost atomic.Bool
	for ctx.Err() == nil {
		err := f.connected(ctx, apply, func() {
			if lost.Swap(false) {
				f.log.InfoContext(ctx, "Redis is back")
			}
		})
		if ctx.Err() != nil {
			return
		}
		if !lost.Swap(true) {
			f.log.WarnContext(ctx, "Redis is away; revocations reach the other replicas by Postgres alone", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(redisRetry):
		}
	}
}

func (f *fanout) connected(ctx context.Context, apply func(changes), ready func()) error {
	client, err := rueidis.NewClient(f.options)
	if err != nil {
		return fmt.Errorf("connect to Redis: %w", err)
	}
	defer client.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan struct{})
	go func() {
		defer close(done)
		cancel(f.send(ctx, client))
	}()
	defer func() {
		cancel(nil)
		<-done
	}()
	// Wait for the subscription: a Redis that accepts the connection but not the subscription is of no use. The hook runs on
	// another goroutine.
	subscribing := rueidis.WithOnSubscriptionHook(ctx, func(s rueidis.PubSubSubscription) {
		if s.Kind == "subscribe" {
			ready()
		}
	})
	err = client.Receive(subscribing, client.B().Subscribe().Channel(channel).Build(), func(m rueidis.PubSubMessage) {
		n, err := decodeChanges(m.Message, f.clock())
		if err != nil {
			f.log.WarnContext(ctx, "a message in Redis is none of ours", "error", err)
			return
		}
		apply(n)
	})
	if err == nil {
		err = errors.New("the subscription has ended")
	}
	return errors.Join(err, context.Cause(ctx))
}

// send publishes queued changes until it fails.
func (f *fanout) send(ctx context.Context, client rueidis.Client) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case n := <-f.queue:
			text, err := encodeChanges(n)
			if err != nil {
				return err
			}
			publishing, cancel := context.WithTimeout(ctx, publishTimeout)
			err = client.Do(publishing, client.B().Publish().Channel(channel).Message(text).Build()).Error()
			cancel()
			if err != nil {
				return fmt.Errorf("publish to Redis: %w", err)
			}
		}
	}
}

// message is the encoding of changes between replicas, which may run different versions: fields are only added.
type message struct {
	// Ended holds the ended sessions, with the Unix second in which their last access token expires.
	Ended map[string]int64 `json:"ended,omitempty"`
	// Changed holds the changed users.
	Changed []string `json:"changed,omitempty"`
}

func encodeChanges(n changes) (string, error) {
	m := message{Ended: make(map[string]int64, len(n.Ended))}
	for session, until := range n.Ended {
		// Rounded up, so that a token does not outlive its entry.
		m.Ended[session.String()] = until.Add(time.Second - 1).Unix()
	}
	for _, user := range n.Changed {
		m.Changed = append(m.Changed, user.String())
	}
	text, err := json.Marshal(m)
	return string(text), err
}

func decodeChanges(text string, now time.Time) (changes, error) {
	if len(text) > maxMessage {
		return changes{}, errors.New("it is too long")
	}
	var m message
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return changes{}, err
	}
	n := changes{Ended: make(map[id.Session]time.Time, len(m.Ended))}
	for name, until := range m.Ended {
		session, err := id.ParseSession(name)
		if err != nil {
			return changes{}, err
		}
		// Without the limit, anyone who can write to Redis could fill the memory of all replicas permanently.
		n.Ended[session] = earlier(time.Unix(until, 0), now.Add(hearsay))
	}
	for _, name := range m.Changed {
		user, err := id.ParseUser(name)
		if err != nil {
			return changes{}, err
		}
		n.Changed = append(n.Changed, user)
	}
	return n, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
