package settings

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// Problems returns every problem of the settings.
func (s Settings) Problems() []Problem {
	var p problems
	s.Codes.PhoneRegion = s.Accounts.PhoneRegion
	for _, part := range s.parts() {
		part.Validate(p.add)
	}
	p.cookies(s)
	p.sessions(s)
	// Some checks range over maps. The problems of one setting keep their order.
	slices.SortStableFunc(p, func(a, b Problem) int { return strings.Compare(a.Setting, b.Setting) })
	return p
}

// part is the Config of a package. It reports what is wrong with its own settings. Checks that concern two packages are in this
// file.
type part interface {
	Validate(report func(setting, format string, args ...any))
}

// parts returns the Configs. A test fails if a field of Settings is none.
func (s Settings) parts() []part {
	v := reflect.ValueOf(s)
	all := make([]part, v.NumField())
	for i := range all {
		all[i] = v.Field(i).Interface().(part)
	}
	return all
}

type problems []Problem

func (p *problems) add(flag, format string, args ...any) {
	for i, arg := range args {
		if d, ok := arg.(time.Duration); ok {
			args[i] = shortDuration(d)
		}
	}
	*p = append(*p, Problem{Setting: variable(flag), Message: fmt.Sprintf(format, args...)})
}

func (p *problems) cookies(s Settings) {
	if s.Calls.SameSite == rpc.SameSiteNone && !strings.HasPrefix(s.Server.PublicURL, "https://") {
		p.add("cookie-samesite", "none needs a public URL with https: browsers refuse such cookies without TLS")
	}
}

// Sessions are extended by renewals, which happen when an access token has expired. So if a session does not last longer than the
// token, an active user is signed out. This does not matter if the session cannot be extended anyway.
func (p *problems) sessions(s Settings) {
	access, refresh := s.Tokens.AccessTTL, s.Sessions.RefreshTTL
	if refresh >= time.Second && refresh < s.Sessions.MaxAge && access >= refresh {
		p.add("access-token-ttl", "%s is not shorter than LATCHKEY_REFRESH_TOKEN_TTL, %s: people would be signed out while they are at work", access, refresh)
	}
}
