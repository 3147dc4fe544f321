//go:build !linux && !darwin

package devpg

import (
	"context"
	"fmt"
	"runtime"
)

func startLocal(context.Context, Options) (*Server, error) {
	return nil, fmt.Errorf("no Postgres can be started on %s: run one (in WSL or a container, say) and set LATCHKEY_DATABASE_URL to its URL", runtime.GOOS)
}
