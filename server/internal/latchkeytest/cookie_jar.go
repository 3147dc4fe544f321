package latchkeytest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// CookieJar keeps the cookies of one host, as a browser does. It uses the server's clock.
type CookieJar struct {
	mu   sync.Mutex
	now  func() time.Time
	held map[string]kept
}

type kept struct {
	value string
	ends  time.Time
}

func newCookieJar(now func() time.Time) *CookieJar {
	return &CookieJar{now: now, held: map[string]kept{}}
}

// Clone returns a jar with the same cookies, like a copied browser profile.
func (j *CookieJar) Clone() *CookieJar {
	j.mu.Lock()
	defer j.mu.Unlock()
	return &CookieJar{now: j.now, held: maps.Clone(j.held)}
}

// Value returns the value of a cookie, given the end of its name; empty if there is none.
func (j *CookieJar) Value(name string) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	for held, cookie := range j.held {
		if strings.HasSuffix(held, name) && j.now().Before(cookie.ends) {
			return cookie.value
		}
	}
	return ""
}

// Put adds a cookie that lasts for the whole test.
func (j *CookieJar) Put(name, value string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.held[name] = kept{value, j.now().AddDate(100, 0, 0)}
}

// Lose removes the cookies whose names end with name.
func (j *CookieJar) Lose(name string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	maps.DeleteFunc(j.held, func(held string, _ kept) bool { return strings.HasSuffix(held, name) })
}

// Line returns the Cookie header; empty if there are no cookies.
func (j *CookieJar) Line() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var cookies []string
	for _, name := range slices.Sorted(maps.Keys(j.held)) {
		if j.now().Before(j.held[name].ends) {
			cookies = append(cookies, name+"="+j.held[name].value)
		}
	}
	return strings.Join(cookies, "; ")
}

// take stores the cookies that a response sets. It fails for a cookie that a browser would refuse (rfc6265bis section 4.1.3).
func (j *CookieJar) take(header http.Header) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, line := range header["Set-Cookie"] {
		cookie, err := http.ParseSetCookie(line)
		if err != nil {
			return err
		}
		if strings.HasPrefix(cookie.Name, "__Host-") && (!cookie.Secure || cookie.Path != "/" || cookie.Domain != "") {
			return fmt.Errorf("a browser refuses %s", cookie.Name)
		}
		if cookie.SameSite == http.SameSiteNoneMode && !cookie.Secure {
			return fmt.Errorf("a browser refuses %s, which is for other sites and not Secure", cookie.Name)
		}
		if cookie.MaxAge < 0 {
			delete(j.held, cookie.Name)
			continue
		}
		j.held[cookie.Name] = kept{cookie.Value, j.now().Add(time.Duration(cookie.MaxAge) * time.Second)}
	}
	return nil
}
