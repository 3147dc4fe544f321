package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// untilStopped returns a context that ends at the first SIGINT or SIGTERM. The second one kills the program, for operators who
// do not want to wait for the shutdown.
func untilStopped() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// outliveHangups logs SIGHUP, which would end the program by default. Operators may send it to reload settings.
func outliveHangups(ctx context.Context, log *slog.Logger) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-ctx.Done():
				// Also during the shutdown.
				signal.Ignore(syscall.SIGHUP)
				return
			case <-hangups:
				log.InfoContext(ctx, "SIGHUP is ignored: settings are read at the start alone")
			}
		}
	}()
}
