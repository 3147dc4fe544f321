package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// sendTimeout bounds a try, whichever providers are asked.
const sendTimeout = 12 * time.Second

// What happened is written down although the try has used up its time. A try may write twice, and has to be over before
// its job passes for abandoned (jobs.RescueAfter).
const noteTimeout = 2 * time.Second

// courier hands messages to the senders, and writes down how it went.
type courier struct {
	db      *db.DB
	q       *dbsqlc.Queries
	mail    MailSender
	sms     SMSSender
	weather *weather
	log     *slog.Logger
}

func newCourier(d Deps) *courier {
	log := d.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &courier{db: d.DB, q: dbsqlc.New(), mail: d.Mail, sms: d.SMS, weather: newWeather(d.Clock), log: log}
}

// hand gives a message to the sender of its channel. It returns nil once a provider has taken it, the context's error when
// the server is stopping, and else a SendError, which the caller writes down with tried.
func (c *courier) hand(ctx context.Context, m Message) error {
	var (
		receipt Receipt
		err     error
	)
	switch m.Channel {
	case Email:
		receipt, err = c.mail.SendMail(ctx, m)
	case SMS:
		receipt, err = c.sms.SendSMS(ctx, m)
	default:
		err = fmt.Errorf("there is no way to send by %q", m.Channel)
	}
	if err == nil {
		c.weather.note(m.Channel, nil)
		c.sent(ctx, m.ID, receipt)
		return nil
	}
	if stopping := ctx.Err(); errors.Is(stopping, context.Canceled) {
		return stopping
	}
	failure := sendErrorOf(err)
	c.weather.note(m.Channel, failure)
	return failure
}

// taken tells whether a provider took a message at an earlier try, whose process ended before the queue heard of it: nobody
// gets it twice for that.
func (c *courier) taken(ctx context.Context, send uuid.UUID) (bool, error) {
	taken, err := c.q.WasSent(ctx, c.db, send)
	if err != nil {
		return false, fmt.Errorf("look for a send: %w", err)
	}
	return taken, nil
}

// sent must not fail: the message would go out again.
func (c *courier) sent(ctx context.Context, send uuid.UUID, receipt Receipt) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	if err := c.q.MarkSent(ctx, c.db, dbsqlc.MarkSentParams{
		ID: send, Provider: receipt.Provider, Receipt: receipt.ID, Now: c.db.Clock(),
	}); err != nil {
		c.log.WarnContext(ctx, "a message was sent, and its row does not tell", "send", send, "error", err)
	}
}

// tried writes down a try that failed, and whether it was the last one.
func (c *courier) tried(ctx context.Context, send uuid.UUID, channel Channel, failure *SendError, final bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	level := slog.LevelWarn
	if failure.Class == Misconfigured {
		level = slog.LevelError
	}
	c.log.Log(ctx, level, "a message was not taken",
		"send", send, "channel", channel, "provider", failure.Provider, "class", failure.Class, "code", failure.Code, "given_up", final)
	if err := c.q.MarkTried(ctx, c.db, dbsqlc.MarkTriedParams{
		ID: send, Provider: failure.Provider, LastError: failure.Error(), Final: final, Now: c.db.Clock(),
	}); err != nil {
		c.log.WarnContext(ctx, "a message was not taken, and its row does not tell", "send", send, "error", err)
	}
}

// drop writes down that a message is not to be sent. It returns false when it was sent, or given up, before.
func (c *courier) drop(ctx context.Context, send uuid.UUID, reason string) (bool, error) {
	rows, err := c.q.DropSend(ctx, c.db, dbsqlc.DropSendParams{ID: send, Reason: reason, Now: c.db.Clock()})
	if err != nil {
		return false, fmt.Errorf("drop a send: %w", err)
	}
	return rows == 1, nil
}
