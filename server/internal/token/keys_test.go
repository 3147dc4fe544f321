package token_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

func newIssuer(t testing.TB, d *db.DB, change ...func(*token.Config)) *token.Issuer {
	t.Helper()
	cfg := config(t, masterSecret)
	for _, f := range change {
		f(&cfg)
	}
	i, err := token.NewIssuer(t.Context(), d, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// keyRow is what the database holds of a key.
type keyRow struct {
	kid, algorithm string
	private        []byte
}

func keyRows(t testing.TB, d *db.DB) (rows []keyRow) {
	t.Helper()
	found, err := d.Query(t.Context(), "SELECT kid, algorithm, private_key FROM signing_keys ORDER BY kid")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var row keyRow
		if err := found.Scan(&row.kid, &row.algorithm, &row.private); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func exec(t testing.TB, d *db.DB, statement string, args ...any) {
	t.Helper()
	if _, err := d.Exec(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// awaitLocks waits until this many connections wait for a lock.
//
// It uses the transaction's own connection: the waiting ones may occupy all others.
func awaitLocks(t testing.TB, tx db.Tx, wanted int) {
	t.Helper()
	timeout := time.NewTimer(time.Minute)
	defer timeout.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		var n int
		if err := tx.QueryRow(t.Context(), `SELECT count(*) FROM pg_locks
			WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n >= wanted {
			return
		}
		select {
		case <-again.C:
		case <-timeout.C:
			t.Fatalf("%d connections wait for a lock, want %d", n, wanted)
		}
	}
}

func TestJW09_ServersThatStartTogetherShareOneKey(t *testing.T) {
	t.Parallel()

	d := dbtest.New(t)
	const servers = 20
	var (
		group   sync.WaitGroup
		issuers [servers]*token.Issuer
		errs    [servers]error
		cfg     = config(t, masterSecret)
	)
	// All servers can read the keys, but none can store one until several of them try: so they really meet.
	if err := d.InTx(t.Context(), func(tx db.Tx) error {
		if _, err := tx.Exec(t.Context(), "LOCK TABLE signing_keys IN SHARE MODE"); err != nil {
			return err
		}
		for n := range servers {
			group.Go(func() { issuers[n], errs[n] = token.NewIssuer(context.Background(), d, cfg) })
		}
		awaitLocks(t, tx, 5)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	group.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	if n := len(keyRows(t, d)); n != 1 {
		t.Errorf("%d keys were made", n)
	}
	access, refresh := issue(t, issuers[0], d.Clock())
	for n, i := range issuers {
		if _, err := i.ReadAccess(access); err != nil {
			t.Errorf("server %d does not read another one's access token: %v", n, err)
		}
		if _, err := i.ReadRefresh(refresh); err != nil {
			t.Errorf("server %d does not read another one's refresh token: %v", n, err)
		}
	}
}

func TestJW09_ARestartFindsTheKey(t *testing.T) {
	t.Parallel()

	d := dbtest.New(t)
	before := newIssuer(t, d)
	access, refresh := issue(t, before, d.Clock())
	after := newIssuer(t, d)
	oldID, oldKey := before.SigningKey()
	newID, newKey := after.SigningKey()
	if oldID != newID || !oldKey.Equal(newKey) {
		t.Errorf("key %s became %s", oldID, newID)
	}
	if _, err := after.ReadAccess(access); err != nil {
		t.Errorf("an access token from before: %v", err)
	}
	if _, err := after.ReadRefresh(refresh); err != nil {
		t.Errorf("a refresh token from before: %v", err)
	}
}

func TestLG06_NoKeyStandsInTheDatabaseInClear(t *testing.T) {
	t.Parallel()

	d := dbtest.New(t)
	kid, private := newIssuer(t, d).SigningKey()
	row := keyRows(t, d)[0]
	if row.kid != kid || row.algorithm != "ES256" {
		t.Errorf("the row is of %s, %s", row.kid, row.algorithm)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	scalar, err := private.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	point, err := private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for name, plain := range map[string][]byte{
		"PKCS #8": pkcs8, "its beginning": pkcs8[:24], "the scalar": scalar, "half of the scalar": scalar[:16],
		"the point": point, "the master secret": []byte(masterSecret),
	} {
		if bytes.Contains(row.private, plain) {
			t.Errorf("the row holds %s", name)
		}
	}
	// A nonce, the text, a tag: nothing else is in there that could be weaker.
	if want := 12 + len(pkcs8) + 16; len(row.private) != want {
		t.Errorf("the row has %d bytes, want %d", len(row.private), want)
	}
}

func TestLG06_AnotherMasterSecretIsRefused(t *testing.T) {
	t.Parallel()

	d := dbtest.New(t)
	newIssuer(t, d)
	_, err := token.NewIssuer(t.Context(), d, config(t, strings.ToUpper(masterSecret)))
	if !errors.Is(err, token.ErrWrongMasterSecret) {
		t.Fatalf("NewIssuer = %v", err)
	}
	if strings.Contains(strings.ToLower(err.Error()), masterSecret) {
		t.Errorf("the error holds the secret: %v", err)
	}
	if n := len(keyRows(t, d)); n != 1 {
		t.Errorf("there are %d keys now", n)
	}
	newIssuer(t, d)
}

// Two keys of one server: a sealed key is bound to its row.
func TestLG06_AKeyWorksInItsOwnRowOnly(t *testing.T) {
	t.Parallel()

	two := func(t *testing.T) (*db.DB, []keyRow) {
		t.Helper()
		d := dbtest.New(t)
		first := newIssuer(t, d)
		row := keyRows(t, d)[0]
		exec(t, d, "DELETE FROM signing_keys")
		second := newIssuer(t, d)
		exec(t, d, "INSERT INTO signing_keys (kid, algorithm, private_key) VALUES ($1, $2, $3)", row.kid, row.algorithm, row.private)

		// The control, and the overlap of a rotation: tokens of both keys are read.
		both := newIssuer(t, d)
		for _, i := range []*token.Issuer{first, second} {
			access, _ := issue(t, i, d.Clock())
			if _, err := both.ReadAccess(access); err != nil {
				t.Fatalf("a token of one of the two keys: %v", err)
			}
		}
		return d, keyRows(t, d)
	}

	for name, change := range map[string]func(t *testing.T, d *db.DB, rows []keyRow){
		"ErrSwapped": func(t *testing.T, d *db.DB, rows []keyRow) {
			t.Helper()
			exec(t, d, "UPDATE signing_keys SET private_key = $2 WHERE kid = $1", rows[0].kid, rows[1].private)
			exec(t, d, "UPDATE signing_keys SET private_key = $2 WHERE kid = $1", rows[1].kid, rows[0].private)
		},
		"ErrOneForBoth": func(t *testing.T, d *db.DB, rows []keyRow) {
			t.Helper()
			exec(t, d, "UPDATE signing_keys SET private_key = $1", rows[0].private)
		},
		"ErrRenamed": func(t *testing.T, d *db.DB, rows []keyRow) {
			t.Helper()
			exec(t, d, "UPDATE signing_keys SET kid = 'mine' WHERE kid = $1", rows[0].kid)
		},
		"ErrOtherAlgorithm": func(t *testing.T, d *db.DB, rows []keyRow) {
			t.Helper()
			exec(t, d, "UPDATE signing_keys SET algorithm = 'HS256' WHERE kid = $1", rows[1].kid)
		},
		"ErrBitFlipped": func(t *testing.T, d *db.DB, rows []keyRow) {
			t.Helper()
			changed := bytes.Clone(rows[0].private)
			changed[40] ^= 1
			exec(t, d, "UPDATE signing_keys SET private_key = $2 WHERE kid = $1", rows[0].kid, changed)
		},
		"ErrCut": func(t *testing.T, d *db.DB, rows []keyRow) {
			t.Helper()
			exec(t, d, "UPDATE signing_keys SET private_key = $2 WHERE kid = $1", rows[0].kid, rows[0].private[:5])
		},
		"ErrEmpty": func(t *testing.T, d *db.DB, rows []keyRow) {
			t.Helper()
			exec(t, d, "UPDATE signing_keys SET private_key = '' WHERE kid = $1", rows[0].kid)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, rows := two(t)
			change(t, d, rows)
			if _, err := token.NewIssuer(t.Context(), d, config(t, masterSecret)); err == nil {
				t.Error("the server starts")
			}
		})
	}
}

func TestJW09_ARemovedKeyIsRefused(t *testing.T) {
	t.Parallel()

	d := dbtest.New(t)
	access, refresh := issue(t, newIssuer(t, d), d.Clock())
	exec(t, d, "DELETE FROM signing_keys")
	after := newIssuer(t, d)
	if _, err := after.ReadAccess(access); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("an access token of a removed key: %v", err)
	}
	if _, err := after.ReadRefresh(refresh); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("a refresh token of a removed key: %v", err)
	}
}
