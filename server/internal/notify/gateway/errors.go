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

// NoAnswer makes an error of what happened to a connection. Its text is not kept: it names hosts, and can hold the URL. The
// outcome is ambiguous if the request has begun to go out.
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

// Ambiguous reports whether an answer that is no success leaves open what became of the message. A provider that answers in
// words of its own, or asks to be called again, has not taken it. Other answers come from what stands in front of it: a proxy
// that got no answer (502, 504), a program that broke off (500), or a page in place of the provider's (2xx). A service that is
// not available (503) has done nothing.
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

// ClassOf reads a status that is no success, where the provider's documents do not say more.
func ClassOf(status int) notify.Class {
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		return notify.Busy
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity, status == http.StatusRequestEntityTooLarge:
		return notify.Refused
	default:
		// Credentials, balance, a wrong address, a redirect.
		return notify.Misconfigured
	}
}

// A provider that asks for more has stopped working.
const longestWait = 24 * time.Hour

// RetryAfter reads the wait that an answer asks for, in seconds or as a time (RFC 9110 section 10.2.3). It is zero when
// there is none.
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
