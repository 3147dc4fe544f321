package ratelimit

// Config configures a Limiter.
type Config struct {
	Mode Mode `name:"rate-limits" default:"on" placeholder:"on|off" help:"Limits on tries. Off is for load tests."`
}

// Mode is whether attempts are limited.
type Mode string

// The modes.
const (
	On  Mode = "on"
	Off Mode = "off"
)

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if c.Mode != On && c.Mode != Off {
		report("rate-limits", "%q is not one of on, off", c.Mode)
	}
}
