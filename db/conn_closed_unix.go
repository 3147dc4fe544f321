//go:build linux || darwin

package db

import (
	"net"
	"syscall"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// closedByServer reports whether the server has closed an idle connection, by one system call. The pool asks before each use: a
// write on a closed connection fails, and its outcome is unknown.
//
// Postgres sends nothing on an idle connection, except that it closes it or that an administrator has changed a setting. A new
// connection is right in both cases.
func closedByServer(conn *pgx.Conn) bool {
	network := conn.PgConn().Conn()
	if tls, ok := network.(interface{ NetConn() net.Conn }); ok {
		network = tls.NetConn()
	}
	socket, ok := network.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return true
	}
	readable := false
	err = raw.Control(func(fd uintptr) {
		fds := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(fds[:], 0)
		readable = err == nil && n > 0
	})
	return err != nil || readable
}
