package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// loadOrCreateSecret reads the secret in a file, and creates it the first time. Only its owner can read the file.
func loadOrCreateSecret(path string) (secret.Text, error) {
	data, err := os.ReadFile(path)
	if err == nil {
		text := secret.NewText(strings.TrimSpace(string(data)))
		if len(text.Reveal()) < secret.MinMasterLength {
			return text, fmt.Errorf("%s holds less than %d bytes: remove it, and the folder beside it that it protects", path, secret.MinMasterLength)
		}
		return text, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return secret.Text{}, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return secret.Text{}, err
	}
	// Two texts of 128 bits each make 256 bits, from which the keys are derived.
	made := rand.Text() + rand.Text()
	// Written to a temporary file and linked: a crash leaves no partial secret, and of two concurrent starts one wins.
	temporary, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*")
	if err != nil {
		return secret.Text{}, err
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	if _, err := temporary.WriteString(made + "\n"); err != nil {
		_ = temporary.Close()
		return secret.Text{}, err
	}
	if err := errors.Join(temporary.Sync(), temporary.Close()); err != nil {
		return secret.Text{}, err
	}
	if err := os.Link(temporary.Name(), path); errors.Is(err, fs.ErrExist) {
		return loadOrCreateSecret(path)
	} else if err != nil {
		return secret.Text{}, err
	}
	return secret.NewText(made), nil
}
