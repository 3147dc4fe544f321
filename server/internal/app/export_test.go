package app

import (
	"context"
	"net/http"
	"time"
)

// Handler returns the server's handler, also before it runs.
func Handler(a *App) http.Handler { return a.handler }

// StopJobs stops the job queue without Run.
func StopJobs(ctx context.Context, a *App) error { return a.Jobs.Stop(ctx) }

// LimitFeedAge makes a replica not ready if it has not read the log of revocations for this long.
func LimitFeedAge(a *App, limit time.Duration) { a.readiness.feedLimit = limit }

// LimitKeysAge makes a replica not ready if it has not loaded the keys for this long.
func LimitKeysAge(a *App, limit time.Duration) { a.readiness.keysLimit = limit }

// LimitCalls replaces the limit on the time of calls.
func LimitCalls(limit time.Duration) func(*Config) {
	return func(c *Config) { c.CallTimeout = limit }
}

// LimitWork replaces how much work a network may cause in a second.
func LimitWork(perSecond float64) func(*Config) {
	return func(c *Config) { c.networkWork = perSecond }
}
