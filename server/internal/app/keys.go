package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// shownKey is a key as `latchkey keys list --json` prints it.
type shownKey struct {
	Kid       string          `json:"kid"`
	Algorithm token.Algorithm `json:"algorithm"`
	State     token.KeyState  `json:"state"`
	CreatedAt time.Time       `json:"createdAt"`
	SignsFrom time.Time       `json:"signsFrom"`
	RemovedAt time.Time       `json:"removedAt,omitzero"`
}

// ListKeys writes the keys in the database as a table, in the order in which they sign, or as a list in JSON. It changes nothing,
// and needs no master secret.
func ListKeys(ctx context.Context, s settings.Settings, asJSON bool, out io.Writer) error {
	return withDatabase(ctx, s, func(d *db.DB) error {
		keys, err := token.ListKeys(ctx, d)
		if err != nil {
			return err
		}
		if asJSON {
			return writeKeysJSON(keys, out)
		}
		return writeKeys(keys, out)
	})
}

func writeKeysJSON(keys []token.KeyInfo, out io.Writer) error {
	shown := make([]shownKey, len(keys))
	for i, k := range keys {
		shown[i] = shownKey{k.ID, k.Algorithm, k.State, k.CreatedAt, k.SignsFrom, k.RemovedAt}
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(shown)
}

func writeKeys(keys []token.KeyInfo, out io.Writer) error {
	if len(keys) == 0 {
		fmt.Fprintln(out, "There is no key yet. The first server to start makes one.")
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "KEY\tALGORITHM\tSTATE\tCREATED\tSIGNS FROM\tREMOVED")
	for _, k := range keys {
		removed := "-"
		if !k.RemovedAt.IsZero() {
			removed = moment(k.RemovedAt)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n",
			k.ID, k.Algorithm, k.State, moment(k.CreatedAt), moment(k.SignsFrom), removed)
	}
	return table.Flush()
}

// RotateKeys creates the next key, and prints when it begins to sign. All users stay signed in.
func RotateKeys(ctx context.Context, s settings.Settings, out io.Writer) error {
	return withKeys(ctx, s, func(keys *token.Keys) error {
		next, made, err := keys.Rotate(ctx, operator())
		if err != nil {
			return err
		}
		if !made {
			fmt.Fprintf(out, "Key %s (%s) is waiting for its turn already: it signs from %s on. Nothing was changed.\n",
				next.ID, next.Algorithm, moment(next.SignsFrom))
			return nil
		}
		fmt.Fprintf(out, `Key %s (%s) was made. It signs from %s on.
Running servers publish it within %s. Nobody has to sign in again: what older keys have signed stays good.
`, next.ID, next.Algorithm, moment(next.SignsFrom), token.ReloadInterval)
		return nil
	})
}

// ReplaceKeys replaces all keys by a new one, for keys that may be known to an attacker. All users must sign in again.
func ReplaceKeys(ctx context.Context, s settings.Settings, out io.Writer) error {
	return withKeys(ctx, s, func(keys *token.Keys) error {
		made, removed, err := keys.Replace(ctx, operator())
		if err != nil {
			return err
		}
		fmt.Fprintf(out, `Key %s (%s) was made and signs from now on. Keys removed: %d.
Running servers follow within %s; then everything that the removed keys have signed is refused, and everybody has to
sign in again. Services that verify tokens by themselves may use their copy of the old keys for %s more: restart them.
`, made.ID, made.Algorithm, removed, token.ReloadInterval, token.KeySetMaxAge)
		return nil
	})
}

// withKeys opens the key ring for a command. The Config needs no Issuer.
func withKeys(ctx context.Context, s settings.Settings, run func(*token.Keys) error) error {
	// First, so that a missing secret is reported before a Postgres is started.
	master, err := loadMaster(s)
	if err != nil {
		return err
	}
	return withDatabase(ctx, s, func(d *db.DB) error {
		return run(token.NewKeys(d, tokensOf(Config{Settings: s, Master: master})))
	})
}

// moment formats a time to the second.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }
