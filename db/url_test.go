package db_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/db"
)

func TestLG01_AURLIsNeverPrinted(t *testing.T) {
	t.Parallel()

	const password = "hunter2"
	cfg := db.Config{URL: "postgres://ada:" + password + "@db.example/latchkey"}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("open", "url", cfg.URL, "config", cfg)
	marshaled, err := json.Marshal(map[string]any{"url": cfg.URL})
	if err != nil {
		t.Fatal(err)
	}
	printed := []string{
		log.String(), string(marshaled), cfg.URL.String(),
		fmt.Sprint(cfg), fmt.Sprintf("%+v", cfg), fmt.Sprintf("%#v", cfg), fmt.Sprintf("%x %q %s %d", cfg.URL, cfg.URL, cfg.URL, cfg.URL),
	}
	for _, text := range printed {
		if strings.Contains(text, password) || strings.Contains(text, fmt.Sprintf("%x", password)) || !strings.Contains(text, "[secret]") {
			t.Errorf("printed as %s", text)
		}
	}
	if got := cfg.URL.Reveal(); !strings.Contains(got, password) {
		t.Errorf("revealed as %s", got)
	}
}
