package latchkeytest

import (
	"net/http"
	"time"
)

// HTTP2 speaks HTTP/2 without TLS and nothing else, as gRPC between services does.
func (e *Env) HTTP2() *http.Client {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: &protocols}, Timeout: 30 * time.Second}
	e.T.Cleanup(client.CloseIdleConnections)
	return client
}
