//go:build linux || darwin

package devpg

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// password returns the superuser's password. It is stored next to the cluster for the next start. A new one is created only
// before the cluster is.
func (p *clusterDir) password(acct *account, fresh bool) (string, error) {
	flag := os.O_RDWR
	if fresh {
		flag |= os.O_CREATE
	}
	f, err := p.openFile(passwordName, flag, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		return "", p.noPassword()
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return "", err
	}
	if kept := strings.TrimSpace(string(b)); kept != "" {
		return kept, nil
	}
	if !fresh {
		return "", p.noPassword()
	}
	made := rand.Text()
	if _, err := f.WriteString(made + "\n"); err != nil {
		return "", err
	}
	return made, acct.own(f.Chown) // initdb reads it
}

func (p *clusterDir) noPassword() error {
	return fmt.Errorf("the password of the database in %s is lost (its file %q is missing): remove the directory to begin with an empty database", p.name(), passwordName)
}
