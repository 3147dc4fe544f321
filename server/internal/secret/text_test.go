package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func TestLG01_ASecretDoesNotPrint(t *testing.T) {
	t.Parallel()

	const inside = "hunter2-Hunter2"
	text := secret.NewText(inside)
	holder := struct{ Password secret.Text }{text}

	var printed []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		printed = append(printed, fmt.Sprintf(verb, text), fmt.Sprintf(verb, &text), fmt.Sprintf(verb, holder))
	}

	asJSON, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("message", "one", text, "two", holder)
	slog.New(slog.NewTextHandler(&log, nil)).Info("message", "one", text, "two", holder)
	printed = append(printed, string(asJSON), log.String(), fmt.Errorf("wrapped: %v", text).Error())

	for _, p := range printed {
		// %x would show the bytes in hexadecimal.
		if strings.Contains(p, "unter2") || strings.Contains(strings.ToLower(p), "756e74657232") {
			t.Errorf("the secret shows in %q", p)
		}
	}
	if text.Reveal() != inside {
		t.Error("Reveal does not give the text back")
	}
}
