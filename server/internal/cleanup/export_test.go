package cleanup

import "github.com/latchkey-auth/latchkey/db"

// SweepNames names the sweeps, for tests that wait until all have run.
func SweepNames() []string {
	var names []string
	for _, s := range sweepsOf(&db.DB{}, 0) {
		names = append(names, s.name)
	}
	return names
}
