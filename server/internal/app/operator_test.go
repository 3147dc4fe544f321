package app_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// What the command line does names the operator, and what the server does by itself names the system.
func TestY3_ChangesOfKeysHaveAnActor(t *testing.T) {
	t.Parallel()
	const master = "a master secret that operator and server share"
	env := latchkeytest.New(t, latchkeytest.WithMaster(master))
	s := commandSettings(t, env.DB.Config().ConnString())
	s.Server.MasterSecret = secret.NewText(master)
	var out bytes.Buffer
	for range 2 {
		// The second time a key waits for its turn, and nothing happens.
		if err := app.RotateKeys(t.Context(), s, &out); err != nil {
			t.Fatal(err)
		}
	}
	if err := app.ReplaceKeys(t.Context(), s, &out); err != nil {
		t.Fatal(err)
	}

	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range env.EventsWhere("user_id IS NULL") {
		if name, at, _ := strings.Cut(e.ActorID, "@"); e.ActorKind == "operator" && (name == "" || at != host) {
			t.Errorf("the operator is %q", e.ActorID)
		}
		got = append(got, fmt.Sprintf("%s by %s, %d details", e.Type, e.ActorKind, strings.Count(e.Details, ":")))
	}
	want := []string{"key_made by system, 1 details", "key_made by operator, 1 details", "keys_replaced by operator, 2 details"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the events (-want +got):\n%s", diff)
	}
}
