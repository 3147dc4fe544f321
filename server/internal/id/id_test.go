package id_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/id"
)

func TestIdentifiersSurviveTheirPublicForm(t *testing.T) {
	t.Parallel()

	user := id.NewUser()
	if got, err := id.ParseUser(user.String()); err != nil || got != user {
		t.Errorf("ParseUser(%q) = %v, %v", user, got, err)
	}

	session := id.NewSession()
	if got, err := id.ParseSession(session.String()); err != nil || got != session {
		t.Errorf("ParseSession(%q) = %v, %v", session, got, err)
	}
}

func TestOneKindIsNotAnother(t *testing.T) {
	t.Parallel()

	if _, err := id.ParseUser(id.NewSession().String()); err == nil {
		t.Error("a session's id was taken for a user's")
	}
}

func TestOnlyOneSpellingIsAccepted(t *testing.T) {
	t.Parallel()

	good := id.NewUser().String()
	for name, text := range map[string]string{
		"empty":            "",
		"prefix only":      "usr_",
		"upper case":       strings.ToUpper(good),
		"upper-case tail":  "usr_" + strings.ToUpper(good[4:]),
		"too long":         good + "0",
		"too short":        good[:len(good)-1],
		"foreign alphabet": good[:len(good)-1] + "z",
		// 26 characters carry 130 bits; the last two must be zero.
		"stray bits":  good[:len(good)-1] + "1",
		"line break":  good[:10] + "\n" + good[11:],
		"dashed UUID": "usr_01890a5d-ac96-774b-bcce-b302099a8057",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := id.ParseUser(text); err == nil {
				t.Errorf("ParseUser(%q) = %v, want an error", text, got)
			}
		})
	}
}
