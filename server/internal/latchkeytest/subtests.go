package latchkeytest

import "testing"

// For returns the same running server for a subtest. Subtests that share a server must not move its clock, and create their own
// people.
func (e *Env) For(t testing.TB) *Env {
	shared := *e
	shared.T = t
	return &shared
}

// Stories runs each story as a parallel subtest on this server.
func (e *Env) Stories(t *testing.T, stories map[string]func(t *testing.T, env *Env)) {
	t.Helper()
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			story(t, e.For(t))
		})
	}
}
