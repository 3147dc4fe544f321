//go:build linux || darwin

package devpg

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// heldError means that another process, or another call in this one, holds a lock.
type heldError struct {
	path string
	pid  int // 0: not written yet
}

func (e *heldError) Error() string { return fmt.Sprintf("%s is held by %s", e.path, e.holder()) }

func (e *heldError) holder() string {
	switch e.pid {
	case 0:
		return "another process"
	case os.Getpid():
		return fmt.Sprintf("this process (%d)", e.pid)
	}
	return fmt.Sprintf("process %d", e.pid)
}

// lockFile takes a lock that the kernel releases when the process ends. Closing the file releases it too. The file stays: if it
// were removed, two processes could lock two files of one name.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		err = &heldError{path: path, pid: readPID(f)}
	case err != nil:
		err = fmt.Errorf("lock %s: %w", path, err)
	default:
		if err = writePID(f); err == nil {
			return f, nil
		}
	}
	f.Close()
	return nil, err
}

// unlock releases a lock. Closing the file alone is not enough: a program that another goroutine is starting has a copy of it
// until its exec, and would keep the lock.
func unlock(f *os.File) error {
	return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.Close())
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func readPID(f *os.File) int {
	b, _ := io.ReadAll(io.LimitReader(f, 32))
	pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return pid
}
