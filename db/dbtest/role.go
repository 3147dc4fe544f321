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

// lockRoles is an advisory lock that keeps test programs from creating the role at the same time. The number is arbitrary.
const lockRoles = 7_401_285_563

// makeRole creates the role of the test databases before pgtestdb does, with one round of hashing instead of 4,096: tests open
// thousands of connections, each of which would hash for a millisecond. The password needs no protection: it is in the
// documentation of pgtestdb.
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

// scramVerifier returns what Postgres stores instead of a password (RFC 5803, section 3).
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
