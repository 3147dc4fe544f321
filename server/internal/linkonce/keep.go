//go:build linux || darwin

package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// link runs the linker, whose complaints are the user's to read.
func link(argv []string) error {
	cmd := exec.Command(argv[0], argv[1:]...) //nolint:gosec,noctx // go test says which tool, and ends it with the whole group
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		os.Exit(max(1, exit.ExitCode())) // it has said why
	}
	return err
}

// keep remembers a program in place of the one that had its name before.
func keep(program, kept string) error {
	dir, name := filepath.Split(kept)
	former, _ := filepath.Glob(filepath.Join(dir, filepath.Base(program)+"-*")) // fails on bad patterns only
	if err := os.MkdirAll(dir, 0o755); err != nil {                             //nolint:gosec // as Go's own cache
		return err
	}
	// Beside it, and renamed when it is whole: another go test may be looking for it, and this one may be killed.
	fresh, err := os.CreateTemp(dir, "new-"+name+"-*")
	if err != nil {
		return err
	}
	err = errors.Join(fresh.Close(), copyFile(program, fresh.Name()))
	if err == nil {
		err = os.Rename(fresh.Name(), kept) //nolint:gosec // go test says which
	}
	if err != nil {
		return errors.Join(err, os.Remove(fresh.Name())) //nolint:gosec // made above
	}
	for _, path := range former {
		if path != kept {
			_ = os.Remove(path) //nolint:gosec // kept by this program; another go test may have been quicker
		}
	}
	return nil
}

// copyFile makes a program that can be run. It is no link to the other one: Go writes into what it has had linked.
func copyFile(from, to string) (err error) {
	source, err := os.Open(from) //nolint:gosec // paths of go test
	if err != nil {
		return err
	}
	defer source.Close()                                                      //nolint:errcheck // it was only read
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755) //nolint:gosec // a program
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close(), os.Chmod(to, 0o755)) //nolint:gosec // a program, which was temporary until now
}
