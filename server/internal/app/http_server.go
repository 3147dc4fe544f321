package app

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// A client that is slower than this has gone away, or wants to hold the connection.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 2 * time.Minute
	// A browser's cookies for one host stay below this.
	maxHeaderBytes = 32 << 10
)

// What one connection of HTTP/2 may hold. net/http would take 1 MiB for each of the sizes.
const (
	// The least that clients should be offered (RFC 9113 section 6.5.2).
	maxStreams = 100
	// Each stream may have one message on the way that is not read yet, and all of them together no more: handlers read at once.
	receiveBuffer = rpc.MaxMessage
	// The least that HTTP/2 allows. The buffer for a frame is made as soon as its header says how long it will be.
	maxFrame = 16 << 10
	// A peer that takes no byte, or does not answer a ping, has gone away. Pings find that out for streams that last.
	writeByteTimeout = 10 * time.Second
	pingAfter        = 30 * time.Second
	pingTimeout      = 15 * time.Second
)

// serverLines is how many lines a minute net/http may write: each of them can be caused by a stranger's connection.
const serverLines = 10

func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	// gRPC without TLS: behind a proxy of the team's own, and at a developer's machine.
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		Protocols:         &protocols,
		HTTP2: &http.HTTP2Config{
			MaxConcurrentStreams:          maxStreams,
			MaxReceiveBufferPerConnection: receiveBuffer,
			MaxReceiveBufferPerStream:     receiveBuffer,
			MaxReadFrameSize:              maxFrame,
			WriteByteTimeout:              writeByteTimeout,
			SendPingTimeout:               pingAfter,
			PingTimeout:                   pingTimeout,
		},
		ErrorLog: slog.NewLogLogger(loglimit.Handler(log.Handler(), serverLines), slog.LevelWarn),
	}
}
