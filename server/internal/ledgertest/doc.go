// Package ledgertest checks that nothing is lost that the server has acknowledged, whatever is killed.
//
// People request codes, sign up, change their passwords and sign out. They use the built binary with its own Postgres, and record
// what was acknowledged. Meanwhile, server and Postgres are killed again and again. At the end, the records are compared with the
// server's state.
//
// `make test` runs the short form. `make chaos` runs the long one, with a failover to a standby and a full disk, and prints a
// table.
package ledgertest
