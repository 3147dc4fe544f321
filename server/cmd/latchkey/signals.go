package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// untilStopped returns a context that ends at the first SIGINT or SIGTERM. The second one ends the program at once: the clean
// end took too long for its operator.
func untilStopped() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// outliveHangups keeps a server running whose terminal goes away. Programs that expect a reload at SIGHUP find a line in the log.
func outliveHangups(ctx context.Context, log *slog.Logger) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		for {
			select {
			case <-ctx.Done():
				// Also while the server stops.
				signal.Ignore(syscall.SIGHUP)
				return
			case <-hangups:
				log.InfoContext(ctx, "SIGHUP is ignored: settings are read at the start alone")
			}
		}
	}()
}
