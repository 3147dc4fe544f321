package account_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// The steps of every flow in any order, repeated, skipped, and mixed between people and addresses: every success must have had
// the right proof. The orders are random; a failure prints the seed that reproduces them.
func TestOT07_FlowsInAnyOrderNeedTheRightProof(t *testing.T) {
	t.Parallel()
	const (
		worlds = 4
		steps  = 70
	)
	var succeeded sync.Map
	t.Cleanup(func() {
		// Without these the test would have seen nothing.
		for _, kind := range []string{"asks", "enters", "signs up", "signs in", "resets", "changes"} {
			if _, ok := succeeded.Load(kind); !ok {
				t.Errorf("in no world did anybody succeed: %s", kind)
			}
		}
	})
	for seed := range uint64(worlds) {
		t.Run(fmt.Sprint("Seed", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed)
			w.succeeded = &succeeded
			for range steps {
				w.step()
			}
			w.everybodyHasTheirPassword()
		})
	}
}

// sentCode is a code that was asked for, as its true owner knows it.
type sentCode struct {
	id      string
	purpose latchkeyv1.Purpose
	address string
	// code is empty when none was sent.
	code string
	// provenAt is set when the right code was entered.
	provenAt time.Time
	used     bool
}

type world struct {
	t      *testing.T
	env    *latchkeytest.Env
	random *rand.Rand
	// addresses are three: two have accounts at first.
	addresses []string
	codes     []*sentCode
	// holders say whose account has an address, and passwords what opens it.
	holders map[string]*latchkeytest.Person
	// log lists the steps, for a failure.
	log []string
	// succeeded notes what kinds of steps have succeeded in any world.
	succeeded *sync.Map
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{
		t: t, env: latchkeytest.New(t), random: rand.New(rand.NewPCG(seed, seed)),
		addresses: []string{"ada@example.com", "bob@example.com", "eve@example.com"},
		holders:   map[string]*latchkeytest.Person{},
	}
	for _, address := range w.addresses[:2] {
		p := w.env.Person(address)
		p.SignsUp()
		w.holders[address] = p
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d did:\n%s", seed, strings.Join(w.log, "\n"))
		}
	})
	return w
}

func (w *world) step() {
	w.t.Helper()
	// Now and then a code or a proof ends in between.
	w.env.Clock.Advance([]time.Duration{20 * time.Second, 40 * time.Second, time.Minute, 11 * time.Minute}[w.random.IntN(40)/13])
	// Asking and entering come more often, so that there is something to mix up.
	switch w.random.IntN(10) {
	case 0, 1, 2:
		w.asks()
	case 3, 4, 5:
		w.enters()
	case 6:
		w.signsUp()
	case 7:
		w.signsInWithCode()
	case 8:
		w.resets()
	case 9:
		w.changesContact()
	}
}

func (w *world) did(kind string, err error, format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf(format, args...)+fmt.Sprintf(" → %v", err))
	if err == nil {
		w.succeeded.Store(kind, true)
		return
	}
	if got := latchkeytest.Detail(err).GetReason(); got == latchkeyv1.Reason_REASON_INTERNAL || got == latchkeyv1.Reason_REASON_UNSPECIFIED {
		w.t.Errorf("refused for %v: %v", got, err)
	}
}

func (w *world) address() string { return w.addresses[w.random.IntN(len(w.addresses))] }

// codeFor returns a random code: one that was requested, or an invalid one. More often than not it can be right; otherwise hardly
// any flow would succeed.
func (w *world) codeFor(purpose latchkeyv1.Purpose) *sentCode {
	if w.random.IntN(3) > 0 {
		for _, c := range slices.Backward(w.codes) {
			if c.purpose == purpose && !c.provenAt.IsZero() && !c.used {
				return c
			}
		}
	}
	return w.code()
}

func (w *world) code() *sentCode {
	if len(w.codes) == 0 || w.random.IntN(12) == 0 {
		return &sentCode{id: "vrf_" + fmt.Sprint(w.random.Uint64())}
	}
	// The newest ones more often, since the others have mostly ended.
	recent := w.codes[max(0, len(w.codes)-6):]
	return recent[w.random.IntN(len(recent))]
}

func (w *world) asks() {
	purpose, address := latchkeyv1.Purpose(1+w.random.IntN(4)), w.address()
	before, _ := w.env.Outbox.List(address)
	sent, err := w.env.Auth.SendCode(context.Background(), &latchkeyv1.SendCodeRequest{
		Purpose: purpose, Contact: &latchkeyv1.SendCodeRequest_Email{Email: address},
	})
	w.did("asks", err, "asks for %v to %s", purpose, address)
	if err != nil {
		return
	}
	w.env.AwaitJobs()
	c := &sentCode{id: sent.GetVerificationId(), purpose: purpose, address: address}
	if after, _ := w.env.Outbox.List(address); len(after) > len(before) {
		c.code = after[0].Code.Reveal()
	}
	w.codes = append(w.codes, c)
}

func (w *world) enters() {
	c, digits := w.code(), w.code().code
	if w.random.IntN(3) > 0 {
		digits = c.code
	}
	if digits == "" {
		digits = "123456"
	}
	_, err := w.env.Auth.VerifyCode(context.Background(), &latchkeyv1.VerifyCodeRequest{VerificationId: c.id, Code: digits})
	w.did("enters", err, "enters %s for %v to %s", digits, c.purpose, c.address)
	if err != nil {
		return
	}
	if c.code == "" || digits != c.code || !c.provenAt.IsZero() && !w.isGood(c) {
		w.t.Errorf("the code %q was taken for %+v", digits, c)
	}
	// If the code is entered again, the proof is the same.
	if c.provenAt.IsZero() {
		c.provenAt = w.env.Clock.Now()
	}
}

// isGood reports whether a proof that was given can be used.
func (w *world) isGood(c *sentCode) bool {
	return !c.provenAt.IsZero() && !c.used && w.env.Clock.Now().Sub(c.provenAt) < 15*time.Minute
}

// uses checks that an accepted proof was valid for this, and marks it as used.
func (w *world) uses(c *sentCode, purpose latchkeyv1.Purpose) {
	if !w.isGood(c) || c.purpose != purpose {
		w.t.Errorf("for %v this proof was taken: %+v at %v", purpose, c, w.env.Clock.Now())
	}
	c.used = true
}

func (w *world) signsUp() {
	c, address := w.codeFor(signUp), w.address()
	if w.random.IntN(3) > 0 && c.address != "" {
		address = c.address
	}
	p := w.env.Person(address)
	p.Nickname = fmt.Sprint("person", w.random.Uint32())
	answer, err := w.env.Auth.SignUp(context.Background(), p.Form(c.id))
	w.did("signs up", err, "signs up as %s with %v to %s", p.Email, c.purpose, c.address)
	if err != nil {
		return
	}
	w.uses(c, signUp)
	if c.address != p.Email || w.holders[p.Email] != nil {
		w.t.Errorf("%s signed up with the proof of %s", p.Email, c.address)
	}
	p.User, p.Tokens = answer.GetUser(), answer.GetTokens()
	w.holders[p.Email] = p
}

func (w *world) signsInWithCode() {
	c := w.codeFor(signIn)
	answer, err := w.env.Auth.SignInWithCode(context.Background(), &latchkeyv1.SignInWithCodeRequest{VerificationId: c.id})
	w.did("signs in", err, "signs in with %v to %s", c.purpose, c.address)
	if err != nil {
		return
	}
	w.uses(c, signIn)
	if holder := w.holders[c.address]; holder == nil || answer.GetUser().GetId() != holder.User.GetId() {
		w.t.Errorf("the proof of %s signed in as %v", c.address, answer.GetUser())
	}
}

func (w *world) resets() {
	c, chosen := w.codeFor(resetPassword), fmt.Sprintf("Horse-%d", 100000+w.random.IntN(900000))
	_, err := w.env.Auth.ResetPassword(context.Background(), &latchkeyv1.ResetPasswordRequest{
		VerificationId: c.id, NewPassword: chosen,
	})
	w.did("resets", err, "resets with %v to %s", c.purpose, c.address)
	if err != nil {
		return
	}
	w.uses(c, resetPassword)
	holder := w.holders[c.address]
	if holder == nil {
		w.t.Errorf("the proof of %s, which no account has proven, has set a password", c.address)
		return
	}
	holder.Password = chosen
}

func (w *world) changesContact() {
	holder := w.holders[w.address()]
	if holder == nil {
		return
	}
	// Needs a recent session.
	holder.SignsIn()
	c := w.codeFor(changeContact)
	_, err := w.env.Account.ChangeContact(holder.As(), &latchkeyv1.ChangeContactRequest{VerificationId: c.id})
	w.did("changes", err, "%s changes to %v to %s", holder.Email, c.purpose, c.address)
	if err != nil {
		return
	}
	w.uses(c, changeContact)
	if other := w.holders[c.address]; other != nil && other != holder {
		w.t.Errorf("%s took %s from its holder", holder.Email, c.address)
	}
	delete(w.holders, holder.Email)
	holder.Email, holder.Mailbox = c.address, c.address
	w.holders[c.address] = holder
}

// everybodyHasTheirPassword checks that each password is the one set by the last successful step.
func (w *world) everybodyHasTheirPassword() {
	w.t.Helper()
	for _, address := range w.addresses {
		holder := w.holders[address]
		if holder == nil {
			stranger := w.env.Person(address)
			stranger.SignsInFails(latchkeytest.Password, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
			continue
		}
		if got := holder.SignsIn().GetUser().GetId(); got != holder.User.GetId() {
			w.t.Errorf("%s opens %s, want %s", address, got, holder.User.GetId())
		}
	}
}
