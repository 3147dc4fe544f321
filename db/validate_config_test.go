package db_test

import (
	"slices"
	"testing"

	"github.com/latchkey-auth/latchkey/db"
)

func TestOnlyAPostgresURLAndAUsualPoolAreAccepted(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		cfg  db.Config
		want []string
	}{
		"the defaults":   {db.Config{}, nil},
		"an IPv6 host":   {db.Config{URL: "postgresql://u:p@[::1]:5432/x?sslmode=disable", MaxConns: 2}, nil},
		"two hosts":      {db.Config{URL: "postgres://u:p@one:5432,two:5432/x?target_session_attrs=read-write", MaxConns: 1000}, nil},
		"another scheme": {db.Config{URL: "http://localhost/x"}, []string{"database-url"}},
		"keywords":       {db.Config{URL: "host=localhost dbname=x"}, []string{"database-url"}},
		"too few":        {db.Config{MaxConns: 1}, []string{"database-max-conns"}},
		"too many":       {db.Config{MaxConns: 1001}, []string{"database-max-conns"}},
		"both wrong":     {db.Config{URL: "localhost", MaxConns: -2}, []string{"database-url", "database-max-conns"}},
	} {
		var got []string
		c.cfg.Validate(func(setting, _ string, _ ...any) { got = append(got, setting) })
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: reported %q, want %q", name, got, c.want)
		}
	}
}
