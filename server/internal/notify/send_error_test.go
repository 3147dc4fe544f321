package notify_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

// A provider's answer may repeat the message, and what it calls a code may be anything.
func TestLG01_ASendErrorKeepsNothingButACode(t *testing.T) {
	t.Parallel()

	for code, want := range map[string]string{
		"":                         "twilio: refused",
		"21211":                    "twilio: refused (21211)",
		"NotEnoughBalance":         "twilio: refused (NotEnoughBalance)",
		"535 5.7.8":                "twilio: refused (535 5.7.8)",
		"SENDER_ID_MISMATCH":       "twilio: refused (SENDER_ID_MISMATCH)",
		"042917":                   "twilio: refused (unreadable)",
		"your code is 042917":      "twilio: refused (unreadable)",
		"010-1234-5678":            "twilio: refused (unreadable)",
		"+821012345678":            "twilio: refused (unreadable)",
		"ada@example.com":          "twilio: refused (unreadable)",
		"인증번호":                     "twilio: refused (unreadable)",
		"line\nbreak":              "twilio: refused (unreadable)",
		"<script>":                 "twilio: refused (unreadable)",
		string(make([]byte, 1000)): "twilio: refused (unreadable)",
		"a23456789b123456789c123456789d123456789e12": "twilio: refused (unreadable)",
	} {
		if got := notify.NewSendError("twilio", notify.Refused, code).Error(); got != want {
			t.Errorf("%q becomes %q, want %q", code, got, want)
		}
	}
}
