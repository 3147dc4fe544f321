package latchkeytest

import "testing"

// For gives the same running server to a subtest. Subtests that share a server leave its clock alone, and bring people of
// their own.
func (e *Env) For(t testing.TB) *Env {
	shared := *e
	shared.T = t
	return &shared
}

// Stories runs each story as a subtest, side by side on this server.
func (e *Env) Stories(t *testing.T, stories map[string]func(t *testing.T, env *Env)) {
	t.Helper()
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			story(t, e.For(t))
		})
	}
}
