package rpc_test

import (
	"encoding/base64"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// Over the wire, through three servers whose database is far away. Package session does the same two hundred times.
func TestSE06_ParallelRefreshesOverTheWire(t *testing.T) {
	t.Parallel()
	const rounds, parallel = 3, 50
	env := latchkeytest.New(t)
	people := make([]*latchkeytest.Person, rounds)
	for i := range people {
		people[i] = env.Person(string(rune('a'+i)) + "da@example.com")
		people[i].SignsUp()
	}
	proxy, url := dbtest.Before(t, env.DB.Config().ConnString())
	replicas := []*latchkeytest.Env{env.ReplicaAt(url), env.ReplicaAt(url), env.ReplicaAt(url)}
	proxy.Delay(100 * time.Millisecond)
	var all sync.WaitGroup
	for _, person := range people {
		all.Go(func() {
			got := make([]*latchkeyv1.Tokens, parallel)
			var tabs sync.WaitGroup
			for i := range got {
				tabs.Go(func() {
					tab := person.At(replicas[i%len(replicas)])
					got[i] = tab.Refreshes()
				})
			}
			tabs.Wait()
			for _, tokens := range got {
				if said(tokens.GetRefreshToken()) != said(got[0].GetRefreshToken()) {
					t.Error("there are two successors")
				}
				tab := person.At(env)
				tab.Tokens = tokens
				tab.SeesProfile()
			}
			person.Tokens = got[parallel/2]
			person.Refreshes()
			if n := len(person.ListsSessions()); n != 1 {
				t.Errorf("%d sessions live", n)
			}
		})
	}
	all.Wait()
	proxy.Delay(0)
}

// said returns the claims of a token, without its signature.
func said(token string) string { return strings.Split(token, ".")[1] }

func TestSE05_RefreshRefusesWhatIsNotTheToken(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	good := ada.Tokens.GetRefreshToken()
	header, payload, signature := parted(good)
	flip := func(text string, at int) string {
		b := []byte(text)
		if b[at] == 'A' {
			b[at] = 'B'
		} else {
			b[at] = 'A'
		}
		return string(b)
	}
	for name, text := range map[string]string{
		"cut":                     good[:len(good)-1],
		"cut in half":             good[:len(good)/2],
		"without a signature":     header + "." + payload + ".",
		"two parts":               header + "." + payload,
		"four parts":              good + "." + signature,
		"extended":                good + "A",
		"twice":                   good + good,
		"padded":                  good + "=",
		"a line's end":            good + "\n",
		"in spaces":               " " + good,
		"another header":          flip(header, 5) + "." + payload + "." + signature,
		"another payload":         header + "." + flip(payload, len(payload)/2) + "." + signature,
		"another signature":       header + "." + payload + "." + flip(signature, 3),
		"payload in base64":       header + "." + base64.StdEncoding.EncodeToString([]byte(payload)) + "." + signature,
		"the access token":        ada.Tokens.GetAccessToken(),
		"halves of two":           header + "." + said(ada.Tokens.GetAccessToken()) + "." + signature,
		"the scheme before it":    "Bearer " + good,
		"JSON":                    `{"payload":"` + payload + `"}`,
		"a word":                  "token",
		"as long as is read":      strings.Repeat("A", 8<<10),
		"as long, with its parts": strings.Repeat("A", 2700) + "." + strings.Repeat("A", 2700) + "." + strings.Repeat("A", 2700),
	} {
		_, err := env.Auth.Refresh(t.Context(), &latchkeyv1.RefreshRequest{RefreshToken: text})
		detail := latchkeytest.Detail(err)
		if got := detail.GetReason(); got != latchkeyv1.Reason_REASON_TOKEN_INVALID && got != latchkeyv1.Reason_REASON_INVALID_FIELDS {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error()+detail.String(), payload[:20]) {
			t.Errorf("%s: the refusal has the token in it: %v", name, err)
		}
	}
	env.RefreshFails("", latchkeyv1.Reason_REASON_TOKEN_MISSING)
	env.RefreshFails(strings.Repeat("A", 60<<10), latchkeyv1.Reason_REASON_INVALID_FIELDS)
	// None of it was taken for a token that is spent.
	ada.Refreshes()
	ada.SeesProfile()
}

func parted(token string) (header, payload, signature string) {
	parts := strings.Split(token, ".")
	return parts[0], parts[1], parts[2]
}

func TestSE05_ASpentTokenEndsTheSessionOnEveryReplica(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	replica := env.Replica()
	thief, other := *ada, ada.Twin()
	ada.Refreshes()
	ada.At(replica).SeesProfile()
	env.Clock.Advance(10 * time.Minute)
	thief.At(replica).RefreshesFails(latchkeyv1.Reason_REASON_REFRESH_REUSED)
	thief.At(replica).LosesSession(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	ada.AwaitsRefusal(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	ada.RefreshesFails(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	// The other device is not the attacker's, and shows its owner what has happened.
	if got := other.Activity(); got[0] != "refresh_reused" {
		t.Errorf("the activity is %v", got)
	}
}
