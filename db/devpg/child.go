//go:build linux || darwin

package devpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// watchdog is a shell script that becomes the given program, and leaves a watcher behind. The watcher reads a pipe whose other
// end only our process holds. A line means that the program has ended. The end of the file means that our process has ended, for
// any reason. Then the watcher ends the program too, and removes the directory $1 if one is named.
//
// The watcher is started through a second shell so that it has no parent: Postgres takes the death of an unknown child for a
// crash. The wait has a limit because a dead program keeps its pid until its new parent collects it.
const watchdog = `
exec 3<&0 </dev/null
doomed=$1
shift
( (
	read -r line <&3 && exit
	kill -INT $$
	[ -n "$doomed" ] || exit
	n=0
	while kill -0 $$ && [ $n -lt 100 ]; do
		sleep 0.1 || sleep 1
		n=$((n + 1))
	done
	kill -KILL $$
	rm -rf "$doomed"
) >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
`

// child is a program that ends with our process.
type child struct {
	cmd    *exec.Cmd
	exited chan struct{}
	err    error // how it ended; valid after exited
}

// startChild runs a program as the account, in a separate session, so that it does not get the signals of the terminal.
func startChild(acct *account, p *clusterDir, argv []string) (*child, error) {
	doomed := ""
	if p.temporary {
		doomed = p.dir
	}
	line, hold, err := os.Pipe() // both close-on-exec: no other child can keep the line open
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", watchdog, "sh", doomed}, argv...)...)
	cmd.Dir = "/"
	cmd.Env = cleanEnv()
	cmd.Stdin = line
	cmd.Stdout = p.log.file
	cmd.Stderr = p.log.file
	cmd.SysProcAttr = acct.apply(&syscall.SysProcAttr{Setsid: true})
	err = cmd.Start()
	line.Close()
	if err != nil {
		hold.Close()
		return nil, err
	}
	c := &child{cmd: cmd, exited: make(chan struct{})}
	go func() {
		c.err = cmd.Wait()
		hold.WriteString("\n")
		hold.Close()
		close(c.exited)
	}()
	return c, nil
}

// stop shuts Postgres down in fast mode, and in immediate mode if ctx ends first.
func (c *child) stop(ctx context.Context) error {
	c.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-c.exited:
		return nil
	case <-ctx.Done():
	}
	if err := c.end(syscall.SIGQUIT, 10*time.Second); err != nil {
		return err
	}
	return fmt.Errorf("Postgres was ended before it had shut down: %w", context.Cause(ctx))
}

// end sends sig, and kills the program if it does not end in time.
func (c *child) end(sig syscall.Signal, limit time.Duration) error {
	c.cmd.Process.Signal(sig)
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case <-c.exited:
		return nil
	case <-late.C:
	}
	if err := c.cmd.Process.Kill(); err != nil {
		return err
	}
	<-c.exited
	return nil
}
