//go:build linux || darwin

package db

import (
	"net"
	"syscall"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// dead reports whether the server has ended an idle connection. A statement that is sent on such a connection fails, and
// a write then may or may not have taken effect. So it is found out before, by one system call.
//
// Postgres says nothing on an idle connection but that it ends, or that an administrator has changed a setting. In both cases
// another connection is better.
func dead(conn *pgx.Conn) bool {
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
