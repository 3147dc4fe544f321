package latchkeytest

import "time"

// AwaitJobs waits until every job of the calls so far has ended, and returns how many ended in which state. So a test can check
// that a message was not sent, rather than not sent yet.
func (e *Env) AwaitJobs() map[string]int {
	e.T.Helper()
	timeout := time.NewTimer(arrival)
	defer timeout.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		ended, open := e.jobs()
		if open == 0 {
			return ended
		}
		select {
		case <-again.C:
		case <-timeout.C:
			e.T.Fatalf("after %v, %d deliveries have not come to an end", arrival, open)
		}
	}
}

func (e *Env) jobs() (ended map[string]int, open int) {
	e.T.Helper()
	rows, err := e.DB.Query(e.T.Context(), "SELECT state::text, finalized_at IS NOT NULL, count(*) FROM river_job WHERE kind <> 'sweep' GROUP BY 1, 2")
	if err != nil {
		e.T.Fatal(err)
	}
	defer rows.Close()
	ended = map[string]int{}
	for rows.Next() {
		var (
			state string
			done  bool
			n     int
		)
		if err := rows.Scan(&state, &done, &n); err != nil {
			e.T.Fatal(err)
		}
		if done {
			ended[state] = n
		} else {
			open += n
		}
	}
	if err := rows.Err(); err != nil {
		e.T.Fatal(err)
	}
	return ended, open
}
