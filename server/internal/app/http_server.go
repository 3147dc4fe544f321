package app

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// A slower client has gone, or wants to occupy the connection.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 2 * time.Minute
	// A browser's cookies for one host are smaller.
	maxHeaderBytes = 32 << 10
)

// Limits for one HTTP/2 connection. The default of net/http is 1 MiB for each of the sizes.
const (
	// The minimum that RFC 9113 section 6.5.2 recommends.
	maxStreams = 100
	// Each stream may have one unread message, and all streams of a connection together no more: handlers read at once.
	receiveBuffer = rpc.MaxMessage
	// The minimum of HTTP/2. The buffer for a frame is allocated when its header announces the length.
	maxFrame = 16 << 10
	// A peer that accepts no byte, or does not answer a ping, has gone. Pings detect this for long streams.
	writeByteTimeout = 10 * time.Second
	pingAfter        = 30 * time.Second
	pingTimeout      = 15 * time.Second
)

// serverLines limits the log lines a minute of net/http: any client can cause them.
const serverLines = 10

func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	// gRPC without TLS: behind the team's own proxy, and on a developer's machine.
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
