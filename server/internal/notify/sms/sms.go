// Package sms builds the sender of text messages from the providers that the settings choose. It is the only package that imports
// all of them.
package sms

import (
	"fmt"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/httpsms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sens"
	"github.com/latchkey-auth/latchkey/server/internal/notify/solapi"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
)

// New returns the sender of a Config that names a provider.
func New(c Config) (notify.SMSSender, error) {
	first, err := c.sender(c.Provider, c.From)
	if err != nil || c.Fallback == "" {
		return first, err
	}
	from, _ := c.fallbackFrom()
	second, err := c.sender(c.Fallback, from)
	if err != nil {
		return nil, err
	}
	return notify.Fallback(first, second, c.Clock), nil
}

func (c Config) sender(provider, from string) (sender notify.SMSSender, err error) {
	switch provider {
	case solapi.Name:
		c.Solapi.From, c.Solapi.Clock = from, c.Clock
		sender, err = solapi.New(c.Solapi)
	case sens.Name:
		c.SENS.From, c.SENS.Clock = from, c.Clock
		sender, err = sens.New(c.SENS)
	case twilio.Name:
		c.Twilio.From, c.Twilio.Clock = from, c.Clock
		sender, err = twilio.New(c.Twilio)
	case httpsms.Name:
		c.HTTP.From, c.HTTP.Clock = from, c.Clock
		sender, err = httpsms.New(c.HTTP)
	default:
		return nil, fmt.Errorf("there is no provider %q of text messages", provider)
	}
	if err != nil {
		return nil, fmt.Errorf("set up %s: %w", provider, err)
	}
	return sender, nil
}
