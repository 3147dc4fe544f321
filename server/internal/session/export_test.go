package session

// Fresh tells whether the replica goes by its memory, and not by the database.
func (s *Service) Fresh() bool { return s.feed.fresh() }

// What tests hold the server to.
const (
	StaleAfter   = staleAfter
	ReadInterval = readInterval
	Channel      = channel
	RedisRetry   = redisRetry
)
