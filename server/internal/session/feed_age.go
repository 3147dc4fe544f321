package session

import (
	"math"
	"time"
)

// FeedAge returns the time since the log of revocations was last read. Before the first read, it returns the longest duration.
func (s *Service) FeedAge() time.Duration {
	readAt := s.feed.readAt.Load()
	if readAt == 0 {
		return math.MaxInt64
	}
	return s.feed.uptime.Elapsed() - time.Duration(readAt)
}

// PagesRead returns how many pages of the log of revocations have been read.
func (s *Service) PagesRead() int64 { return s.feed.pages.Load() }
