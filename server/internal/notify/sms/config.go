package sms

import (
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify/httpsms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sens"
	"github.com/latchkey-auth/latchkey/server/internal/notify/solapi"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
)

// Config chooses the providers and configures them.
type Config struct {
	// Provider is the name of the provider that sends. If it is empty, none does.
	Provider string `name:"sms-provider" placeholder:"PROVIDER" help:"Who sends text messages: solapi, sens, twilio or http; they go to the outbox when empty."`
	// From is the sender of Provider.
	From string `name:"sms-from" placeholder:"NUMBER" help:"Sender number, registered with the provider: national digits for solapi and sens; a number in E.164 form, a messaging service or a name for twilio; a number or a name as the gateway wants it for http."`
	// Fallback is the name of the second provider, if there is one.
	Fallback string `name:"sms-fallback" placeholder:"PROVIDER" help:"Second provider, which takes over while the first one is unavailable."`
	// FallbackFrom is the sender of Fallback. If it is empty, that is From.
	FallbackFrom string `name:"sms-fallback-from" placeholder:"NUMBER" help:"Sender number of the second provider; the same when empty."`

	Solapi solapi.Config  `embed:""`
	SENS   sens.Config    `embed:""`
	Twilio twilio.Config  `embed:""`
	HTTP   httpsms.Config `embed:""`

	Clock func() time.Time `kong:"-"`
}

// fallbackFrom returns the sender of the second provider, and the setting that it is from.
func (c Config) fallbackFrom() (from, setting string) {
	if c.FallbackFrom == "" {
		return c.From, "sms-from"
	}
	return c.FallbackFrom, "sms-fallback-from"
}
