package dbtest

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"

	"github.com/peterldowns/pgtestdb"
)

// lockRoles keeps test programs from making the role at the same time; any number would do that nobody else locks.
const lockRoles = 7_401_285_563

// makeRole makes the role of the tests' databases before pgtestdb does, with one round of hashing instead of 4,096: tests
// open thousands of connections, each of which would hash for a millisecond. Nobody guesses a password that stands in a
// library's documentation.
func makeRole(ctx context.Context, url string) (err error) {
	admin, err := sql.Open(driverName, url)
	if err != nil {
		return err
	}
	defer admin.Close() //nolint:errcheck // the session is kept
	tx, err := admin.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", lockRoles); err != nil {
		return err
	}
	role := pgtestdb.DefaultRole()
	var known bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role.Username).Scan(&known); err != nil {
		return err
	}
	if known {
		return nil
	}
	verifier, err := scramVerifier(role.Password, 1)
	if err != nil {
		return err
	}
	statement := fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD '%s' %s", role.Username, verifier, role.Capabilities)
	if _, err := tx.ExecContext(ctx, statement); err != nil {
		return err
	}
	return tx.Commit()
}

// scramVerifier is what Postgres keeps of a password instead of it (RFC 5803, section 3).
func scramVerifier(password string, rounds int) (string, error) {
	salt := []byte("a salt for tests")
	salted, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	if err != nil {
		return "", err
	}
	mac := func(text string) []byte {
		h := hmac.New(sha256.New, salted)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	stored := sha256.Sum256(mac("Client Key"))
	base64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", rounds, base64(salt), base64(stored[:]), base64(mac("Server Key"))), nil
}
