// Package ledgertest holds the server to its word: nothing that it has acknowledged is lost, whatever ends meanwhile.
//
// People ask for codes, sign up, change their passwords and sign out, at the built binary and a Postgres of its own, and write
// down what was acknowledged. Server and Postgres are killed all the while. At the end, everything that was written down is
// compared with what the server does.
//
// `make test` runs the short form. `make chaos` runs the long one, with a failover to a standby and a full disk, and prints a
// table.
package ledgertest
