package app

import (
	"os"
	"os/user"
	"strconv"

	"github.com/latchkey-auth/latchkey/server/internal/audit"
)

// operator returns the actor of a command: the account that runs it and its machine, such as alice@host. Under sudo that is the
// account that called it. Neither can be trusted more than the operator, who has the database's password anyway.
func operator() audit.Actor {
	name := os.Getenv("SUDO_USER")
	if name == "" {
		if account, err := user.Current(); err == nil {
			name = account.Username
		}
	}
	// Without an entry in the password file, as in a container, the number says more than nothing.
	if name == "" {
		name = strconv.Itoa(os.Getuid())
	}
	host, err := os.Hostname()
	if err != nil {
		return audit.Operator(name)
	}
	return audit.Operator(name + "@" + host)
}
