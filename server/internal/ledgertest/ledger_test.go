//go:build linux || darwin

package ledgertest_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// account holds what was acknowledged about one account.
type account struct {
	phone string
	// password is the one that must work. It is empty while the outcome of a change is unknown.
	password string
	// former are passwords that an acknowledged change has replaced.
	former []string
	// ended are the tokens of sessions whose sign-out was acknowledged.
	ended []tokens
}

type tokens struct{ access, refresh string }

// ledger is what the server has acknowledged.
type ledger struct {
	mu sync.Mutex
	// codes are the numbers to which a code was promised.
	codes    map[string]bool
	accounts map[string]*account
	changes  int
	// unanswered counts calls without an answer, or with one that promises nothing, by name.
	unanswered map[string]int
	// broken are broken promises that were found during the run.
	broken []string
}

func newLedger() *ledger {
	return &ledger{codes: map[string]bool{}, accounts: map[string]*account{}, unanswered: map[string]int{}}
}

func (l *ledger) codeSent(phone string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.codes[phone] = true
}

func (l *ledger) signedUp(phone, password string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accounts[phone] = &account{phone: phone, password: password}
}

func (l *ledger) passwordChanged(phone, before, after string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changes++
	a := l.accounts[phone]
	a.password, a.former = after, append(a.former, before)
}

// passwordUnknown records a change whose outcome is unknown: neither password is promised.
func (l *ledger) passwordUnknown(phone string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accounts[phone].password = ""
}

func (l *ledger) signedOut(phone string, t tokens) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.accounts[phone]
	a.ended = append(a.ended, t)
}

func (l *ledger) notAnswered(call string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unanswered[call]++
}

func (l *ledger) isBroken(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = append(l.broken, fmt.Sprintf(format, args...))
}

// acknowledged counts the records, by kind.
func (l *ledger) acknowledged() (codes, signUps, changes, signOuts int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.accounts {
		signOuts += len(a.ended)
	}
	return len(l.codes), len(l.accounts), l.changes, signOuts
}

// all returns the accounts, after everyone has left.
func (l *ledger) all() []*account { return slices.Collect(maps.Values(l.accounts)) }
