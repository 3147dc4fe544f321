package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

// NoAnswer returns the error for a failed connection. It drops the text of err, which names hosts and can contain the URL. The
// outcome is ambiguous if the request was started.
func NoAnswer(provider string, err error, begun bool) *notify.SendError {
	var (
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		invalid     x509.CertificateInvalidError
		plain       tls.RecordHeaderError
		dns         *net.DNSError
		network     net.Error
	)
	code := "connection"
	switch {
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &invalid):
		code = "certificate"
	case errors.As(err, &plain):
		code = "no TLS"
	case errors.Is(err, errTooLarge):
		code = "too large"
	case errors.As(err, &dns):
		code = "name"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		code = "timeout"
	}
	failure := notify.NewSendError(provider, notify.Unreachable, code)
	failure.Ambiguous = begun
	return failure
}

// Ambiguous reports whether an unsuccessful response leaves the outcome of the message open. If a provider answers in its own
// format, or asks for a retry, it has not accepted the message. Other responses come from what is in front of it: a proxy without
// an answer (502, 504), a crashed program (500), or a page instead of the provider's response (2xx). A service that is
// unavailable (503) has done nothing.
func Ambiguous(status int, own bool, header http.Header) bool {
	switch status {
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	case http.StatusNotImplemented, http.StatusServiceUnavailable, http.StatusHTTPVersionNotSupported:
		return false
	default:
		success := status >= 200 && status < 300
		return !own && (success || status >= 500 && header.Get("Retry-After") == "")
	}
}

// ClassOf maps an unsuccessful status, if the provider does not document more.
func ClassOf(status int) notify.Class {
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		return notify.Busy
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity, status == http.StatusRequestEntityTooLarge:
		return notify.Refused
	default:
		// Credentials, balance, a wrong URL, or a redirect.
		return notify.Misconfigured
	}
}

// A provider that asks for a longer wait is out of service.
const longestWait = 24 * time.Hour

// RetryAfter returns the wait that a response asks for, in seconds or as a time (RFC 9110 section 10.2.3), or zero.
func RetryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	var wait time.Duration
	if seconds, err := strconv.ParseUint(text, 10, 63); err == nil {
		wait = time.Duration(min(seconds, uint64(longestWait/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestWait)
}
