package sms_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify/httpsms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/solapi"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// configured returns a Config in which Solapi, Twilio and the gateway can send.
func configured(change func(*sms.Config)) sms.Config {
	c := sms.Config{From: "010-1234-5678", Clock: time.Now}
	c.Solapi.URL, c.Solapi.Key, c.Solapi.Secret = solapi.URL, "NCS", secret.NewText("s")
	c.SENS.URL = "https://sens.apigw.ntruss.com"
	c.Twilio.URL, c.Twilio.AccountSID, c.Twilio.AuthToken = twilio.URL, "AC0123456789abcdef0123456789abcdef", secret.NewText("t")
	c.HTTP.URL = secret.NewText("https://sms.example.com/send")
	change(&c)
	return c
}

func TestSettingsOfProvidersAreCheckedAsTheyAreUsed(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		change func(*sms.Config)
		want   []string
	}{
		"one":                        {func(c *sms.Config) { c.Provider = solapi.Name }, nil},
		"two":                        {func(c *sms.Config) { c.Provider, c.Fallback, c.FallbackFrom = solapi.Name, twilio.Name, "+15005550006" }, nil},
		"two with the first's":       {func(c *sms.Config) { c.Provider, c.Fallback = solapi.Name, twilio.Name }, []string{"sms-from"}},
		"a second with a wrong one":  {func(c *sms.Config) { c.Provider, c.Fallback, c.FallbackFrom = solapi.Name, httpsms.Name, "+" }, []string{"sms-fallback-from"}},
		"a second that is the first": {func(c *sms.Config) { c.Provider, c.Fallback, c.FallbackFrom = solapi.Name, solapi.Name, "x" }, []string{"sms-fallback"}},
		"none, with a number":        {func(*sms.Config) {}, []string{"sms-from"}},
		"none":                       {func(c *sms.Config) { c.From = "" }, nil},
		"unknown":                    {func(c *sms.Config) { c.Provider = "pigeon" }, []string{"sms-provider"}},
		"an unused one without keys": {func(c *sms.Config) { c.Provider, c.Twilio.AccountSID = solapi.Name, "" }, nil},
		"a used one without keys":    {func(c *sms.Config) { c.Provider, c.Solapi.Key = solapi.Name, "" }, []string{"solapi-api-key"}},
		"an unused one in clear":     {func(c *sms.Config) { c.Provider, c.Twilio.URL = solapi.Name, "http://api.twilio.com" }, []string{"twilio-url"}},
		"an unused gateway":          {func(c *sms.Config) { c.Provider, c.HTTP.Success = solapi.Name, "(" }, nil},
		"a used gateway":             {func(c *sms.Config) { c.Provider, c.HTTP.Success = httpsms.Name, "(" }, []string{"sms-http-success"}},
	} {
		var got []string
		configured(c.change).Validate(func(setting, _ string, _ ...any) { got = append(got, setting) })
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: reported %q, want %q", name, got, c.want)
		}
	}
}

func TestTheChosenProviderSends(t *testing.T) {
	t.Parallel()

	first, err := sms.New(configured(func(c *sms.Config) { c.Provider = solapi.Name }))
	if _, ok := first.(*solapi.Sender); err != nil || !ok {
		t.Errorf("got %T, %v", first, err)
	}
	both, err := sms.New(configured(func(c *sms.Config) { c.Provider, c.Fallback, c.FallbackFrom = solapi.Name, twilio.Name, "+15005550006" }))
	if _, alone := both.(*solapi.Sender); err != nil || both == nil || alone {
		t.Errorf("with a second one: %T, %v", both, err)
	}
	for name, change := range map[string]func(*sms.Config){
		"unknown":          func(c *sms.Config) { c.Provider = "pigeon" },
		"an unknown other": func(c *sms.Config) { c.Provider, c.Fallback = solapi.Name, "pigeon" },
	} {
		if got, err := sms.New(configured(change)); err == nil || got != nil {
			t.Errorf("%s: %s, %v", name, fmt.Sprintf("%T", got), err)
		}
	}
}
