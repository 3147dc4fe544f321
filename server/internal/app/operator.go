package app

import (
	"os"
	"os/user"
	"strconv"

	"github.com/latchkey-auth/latchkey/server/internal/audit"
)

// operator returns the actor of a command: the account of the operating system that runs it, and the machine, such as alice@host. Under
// sudo, it is the account that called sudo. The name is a record and no proof: an operator has the database's password, and can write
// any event.
func operator() audit.Actor {
	name := os.Getenv("SUDO_USER")
	if name == "" {
		if account, err := user.Current(); err == nil {
			name = account.Username
		}
	}
	// A container may run as a number without an account.
	if name == "" {
		name = strconv.Itoa(os.Getuid())
	}
	host, err := os.Hostname()
	if err != nil {
		return audit.Operator(name)
	}
	return audit.Operator(name + "@" + host)
}
