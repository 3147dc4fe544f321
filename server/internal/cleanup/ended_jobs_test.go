package cleanup_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// River deletes completed jobs, and failed ones a day later: nothing else bounds its table.
func TestLG07_EndedJobsGo(t *testing.T) {
	t.Parallel()
	y := setup(t)
	for what, job := range map[string]struct {
		state string
		ended time.Duration
	}{
		"sent long ago":     {"completed", 2 * time.Hour},
		"dropped long ago":  {"cancelled", 2 * time.Hour},
		"sent":              {"completed", 50 * time.Minute},
		"dropped":           {"cancelled", 50 * time.Minute},
		"given up":          {"discarded", 2 * time.Hour},
		"given up long ago": {"discarded", 25 * time.Hour},
	} {
		y.exec(`INSERT INTO river_job (kind, args, state, max_attempts, queue, finalized_at, scheduled_at, created_at)
			VALUES ($1, '{}', $2::river_job_state, 1, 'mail', now() - $3::interval, now() - $3::interval, now() - $3::interval)`, what, job.state, job.ended)
	}
	y.start()
	y.await("the jobs that ended long ago are gone", func() bool {
		return y.count("SELECT count(*) FROM river_job WHERE kind LIKE '% long ago'") == 0
	})
	if diff := cmp.Diff([]string{"dropped", "given up", "sent"}, y.names("SELECT kind FROM river_job WHERE kind <> 'sweep' ORDER BY 1")); diff != "" {
		t.Error(diff)
	}
}
