package app_test

import (
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// Users stay signed in only on a server that lists the old public URL.
func TestANewPublicURLSignsNoUserOut(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.At("https://login.example.com"))
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	moved := latchkeytest.At("https://accounts.example.com")
	after := env.Replica(moved, latchkeytest.With(func(s *settings.Settings) {
		s.Tokens.FormerIssuers = []string{"https://login.example.com/"}
	}))

	there := ada.At(after)
	there.SeesProfile()
	there.Refreshes()
	there.SeesProfile()

	forgetful := env.Replica(moved)
	forgetful.SeesProfileFails("Bearer "+ada.Tokens.GetAccessToken(), latchkeyv1.Reason_REASON_TOKEN_INVALID)
}
