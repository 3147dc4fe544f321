package rpc_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// Nicknames that look the same, or that reverse the text around them, would let a user pass for another.
func TestIN02_NicknamesHoldNothingInvisible(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)

	for name, mark := range map[string]string{
		"zero width space":       "\u200b",
		"zero width joiner":      "\u200d",
		"byte order mark":        "\ufeff",
		"soft hyphen":            "\u00ad",
		"right-to-left mark":     "\u200f",
		"right-to-left override": "\u202e",
		"isolate":                "\u2066",
		"line separator":         "\u2028",
		"no-break space":         "\u00a0",
		"two blanks":             "  ",
		"tab":                    "\t",
		"private use":            "\ue000",
		"unassigned":             "\U000e0080",
	} {
		body, err := json.Marshal(map[string]string{"nickname": "zqx" + mark + "zqx"})
		if err != nil {
			t.Fatal(err)
		}
		got := post(t, env, procedure(methods()["AuthService.CheckAvailability"]), jsonType, body)
		if r := got.refused(t, http.StatusBadRequest, invalid, ""); !r.names("nickname") {
			t.Errorf("%s: got %s", name, r.Text)
		}
	}
}
