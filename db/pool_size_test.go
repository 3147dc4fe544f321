package db_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

func TestOpen_TheSettingCountsThenTheURL(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	with := func(parameters string) string { return url + "&" + parameters }
	if !strings.Contains(url, "?") {
		t.Fatalf("the test's URL has no parameters: %s", url)
	}
	for name, c := range map[string]struct {
		cfg  db.Config
		want int32
	}{
		"Neither": {db.Config{URL: db.URL(url)}, 20},
		"URL":     {db.Config{URL: db.URL(with("pool_max_conns=7"))}, 7},
		"Setting": {db.Config{URL: db.URL(url), MaxConns: 3}, 3},
		"Both":    {db.Config{URL: db.URL(with("pool_max_conns=7")), MaxConns: 3}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := db.Open(t.Context(), c.cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if got := d.Config().MaxConns; got != c.want {
				t.Errorf("the pool has %d connections, want %d", got, c.want)
			}
		})
	}
	t.Run("WhatElseTheURLSays", func(t *testing.T) {
		t.Parallel()
		d, err := db.Open(t.Context(), db.Config{URL: db.URL(with("pool_max_conn_lifetime=7m&pool_min_conns=2&connect_timeout=3&statement_timeout=4000&application_name=mine"))})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		cfg := d.Config()
		if cfg.MaxConnLifetime != 7*time.Minute || cfg.MinConns != 2 || cfg.ConnConfig.ConnectTimeout != 3*time.Second {
			t.Errorf("the pool is set up with %v, %v and %v", cfg.MaxConnLifetime, cfg.MinConns, cfg.ConnConfig.ConnectTimeout)
		}
		var timeout, name string
		if err := d.QueryRow(t.Context(), "SELECT current_setting('statement_timeout'), current_setting('application_name')").Scan(&timeout, &name); err != nil {
			t.Fatal(err)
		}
		if timeout != "4s" || name != "mine" {
			t.Errorf("the session has %s and %s", timeout, name)
		}
	})
}
