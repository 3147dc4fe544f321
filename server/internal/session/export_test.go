package session

// Fresh reports whether the replica uses its caches, and not the database.
func (s *Service) Fresh() bool { return s.feed.fresh() }

// What tests hold the server to.
const (
	StaleAfter   = staleAfter
	ReadInterval = readInterval
	Channel      = channel
	RedisRetry   = redisRetry
)
