package app

import (
	"context"
	"net/http"
	"time"
)

// Handler is what the server serves, also before it runs.
func Handler(a *App) http.Handler { return a.handler }

// StopJobs ends the job queue behind the back of Run.
func StopJobs(ctx context.Context, a *App) error { return a.Jobs.Stop(ctx) }

// LimitFeedAge makes a replica not ready when it has not read the log of revocations for so long.
func LimitFeedAge(a *App, limit time.Duration) { a.readiness.feedLimit = limit }

// LimitKeysAge makes a replica not ready when it has not loaded the keys for so long.
func LimitKeysAge(a *App, limit time.Duration) { a.readiness.keysLimit = limit }

// LimitCalls replaces the limit on the time of calls.
func LimitCalls(limit time.Duration) func(*Config) {
	return func(c *Config) { c.CallTimeout = limit }
}

// LimitWork replaces how much work a network may cause in a second.
func LimitWork(perSecond float64) func(*Config) {
	return func(c *Config) { c.networkWork = perSecond }
}
