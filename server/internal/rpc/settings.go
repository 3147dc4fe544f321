package rpc

import (
	"slices"

	"google.golang.org/protobuf/types/known/durationpb"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

func settingsOf(d Deps) *latchkeyv1.Settings {
	settings := toSettings(d.Accounts.Rules(), d.Codes)
	settings.Push = d.Push
	settings.OutboxPath = d.OutboxPath
	return settings
}

func toSettings(rules account.Rules, codes verification.Config) *latchkeyv1.Settings {
	return &latchkeyv1.Settings{
		PasswordPolicy: toPasswordPolicy(rules.Passwords),
		Email:          toContactRule(rules.Email),
		Phone:          toContactRule(rules.Phone),
		Roles:          slices.Clone(rules.Roles),
		PhoneRegion:    rules.PhoneRegion,
		Codes: &latchkeyv1.CodeRule{
			Length:      verification.CodeLength,
			Ttl:         durationpb.New(codes.CodeTTL),
			ResendWait:  durationpb.New(codes.ResendWait),
			MaxAttempts: verification.MaxAttempts,
		},
		AccountDiscovery: toDiscovery(rules.Discovery),
	}
}

func toPasswordPolicy(p password.Policy) *latchkeyv1.PasswordPolicy {
	return &latchkeyv1.PasswordPolicy{
		Name:           p.Name(),
		MinLength:      int32(p.MinLength()),
		MaxLength:      int32(p.MaxLength()),
		RequireLetter:  p.RequireLetter(),
		RequireUpper:   p.RequireUpper(),
		RequireDigit:   p.RequireDigit(),
		RequireSpecial: p.RequireSpecial(),
		RefuseCommon:   p.RefuseGuessable(),
		MaxBytes:       int32(p.MaxBytes()),
	}
}

func toDiscovery(d account.Discovery) latchkeyv1.AccountDiscovery {
	switch d {
	case account.Open:
		return latchkeyv1.AccountDiscovery_ACCOUNT_DISCOVERY_OPEN
	case account.Private:
		return latchkeyv1.AccountDiscovery_ACCOUNT_DISCOVERY_PRIVATE
	default:
		return latchkeyv1.AccountDiscovery_ACCOUNT_DISCOVERY_UNSPECIFIED
	}
}

func toContactRule(r account.ContactRule) latchkeyv1.ContactRule {
	switch r {
	case account.Verified:
		return latchkeyv1.ContactRule_CONTACT_RULE_VERIFIED
	case account.Required:
		return latchkeyv1.ContactRule_CONTACT_RULE_REQUIRED
	case account.Optional:
		return latchkeyv1.ContactRule_CONTACT_RULE_OPTIONAL
	case account.Off:
		return latchkeyv1.ContactRule_CONTACT_RULE_OFF
	default:
		return latchkeyv1.ContactRule_CONTACT_RULE_UNSPECIFIED
	}
}
