//go:build linux || darwin

package devpg

import (
	"io"
	"os"
	"strings"
)

const logLimit = 16 << 20

// serverLog is the output of initdb and Postgres. It keeps earlier runs, so that a crash can be examined after the next start.
type serverLog struct {
	file *os.File
}

// mark begins a run and returns its position, for [serverLog.since].
func (l *serverLog) mark() (int64, error) {
	info, err := l.file.Stat()
	if err != nil {
		return 0, err
	}
	if info.Size() < logLimit {
		return info.Size(), nil
	}
	return 0, l.file.Truncate(0)
}

// since returns what was printed after mark, or the last lines of it.
func (l *serverLog) since(mark int64) string {
	const lines, width = 12, 400
	info, err := l.file.Stat()
	if err != nil {
		return ""
	}
	from := max(mark, info.Size()-lines*width)
	b, _ := io.ReadAll(io.NewSectionReader(l.file, from, info.Size()-from))
	all := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
