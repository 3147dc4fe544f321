package gateway

import (
	"errors"
	"net"
	"net/url"
)

// CheckURL returns an error unless text can be the URL of a provider. Messages contain codes, so it must be https, except on this
// machine.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Host == "", u.Scheme != "https" && u.Scheme != "http":
		return errors.New("is not a URL; write it like https://api.example.com")
	case u.User != nil:
		return errors.New("must not hold a user or a password")
	case u.Fragment != "":
		return errors.New("must not end in a fragment")
	case u.Scheme == "http" && !Loopback(u.Hostname()):
		return errors.New("has to begin with https: messages hold codes")
	}
	return nil
}

// Loopback reports whether a host is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
