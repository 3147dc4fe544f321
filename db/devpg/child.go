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

// watchdog becomes the program that it is given and leaves a watcher behind,
// which reads a pipe whose other end only our process holds. A line means that
// the program has ended; the end of the file, that our process has, by
// whatever means: then the watcher ends the program too, and removes the
// directory $1 if one is named.
//
// The watcher is started through a second shell so that it is nobody's child:
// Postgres takes the death of a child it does not know for a crash. The wait has
// a limit because a dead program can keep its pid for as long as its new
// parent does not ask for it.
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

// child is a program that does not outlive our process.
type child struct {
	cmd    *exec.Cmd
	exited chan struct{}
	err    error // how it ended; read it after exited
}

// startChild runs a program as the account, in a session of its own, so that
// the terminal's signals do not reach it.
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

// stop shuts Postgres down the fast way, and at once when ctx ends first.
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

// end sends sig, and kills what does not heed it in time.
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
