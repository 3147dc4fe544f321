package session

import (
	"time"

	"github.com/redis/rueidis"
)

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	for _, limit := range []struct {
		setting     string
		value       time.Duration
		least, most time.Duration
	}{
		{"refresh-token-ttl", c.RefreshTTL, time.Second, 400 * 24 * time.Hour},
		{"session-max-age", c.MaxAge, time.Second, 400 * 24 * time.Hour},
		// With no grace at all, each lost response signs a user out. With a long one, a used token is as good as unused.
		{"refresh-grace", c.RefreshGrace, time.Second, 5 * time.Minute},
		{"refresh-retry-window", c.RefreshRetryWindow, 0, time.Hour},
	} {
		if limit.value < limit.least || limit.value > limit.most {
			report(limit.setting, "%s is not between %s and %s", limit.value, limit.least, limit.most)
		}
	}
	if c.RedisURL.Empty() {
		return
	}
	// The parser's message can contain the password.
	if options, err := rueidis.ParseURL(c.RedisURL.Reveal()); err != nil || len(options.InitAddress) == 0 {
		report("redis-url", "is not a Redis URL; write it like redis://user:password@host:6379/0, or rediss:// for TLS")
	}
}
