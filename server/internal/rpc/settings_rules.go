package rpc

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/admin"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// settingsRules holds, by request, the rules that the contract cannot state: they depend on this server's settings or on limits
// of providers. The use-case checks them itself. Here they complete the violations of a message that breaks the contract too.
//
// A test names the requests without such rules, and fails for a request that is in neither list.
type settingsRules map[protoreflect.FullName]func(proto.Message) []fault.Violation

func newSettingsRules(accounts *account.Service, admins *admin.Service) settingsRules {
	rules := settingsRules{}
	addRule(rules, func(m *latchkeyv1.SignUpRequest) []fault.Violation { return accounts.SignUpViolations(signUpInput(m)) })
	addRule(rules, newPasswordRule[*latchkeyv1.ResetPasswordRequest](accounts))
	addRule(rules, newPasswordRule[*latchkeyv1.ChangePasswordRequest](accounts))
	addRule(rules, newPasswordRule[*latchkeyv1.SetPasswordRequest](accounts))
	addRule(rules, func(m *latchkeyv1.SetRoleRequest) []fault.Violation { return admins.RoleViolations(m.GetRole()) })
	addRule(rules, func(m *latchkeyv1.SendPushRequest) []fault.Violation { return pushInput(m).Violations() })
	return rules
}

func addRule[M proto.Message](rules settingsRules, rule func(M) []fault.Violation) {
	var none M
	rules[none.ProtoReflect().Descriptor().FullName()] = func(message proto.Message) []fault.Violation {
		m, ok := message.(M)
		if !ok {
			return nil
		}
		return rule(m)
	}
}

func newPasswordRule[M interface {
	proto.Message
	GetNewPassword() string
}](accounts *account.Service) func(M) []fault.Violation {
	return func(m M) []fault.Violation { return accounts.NewPasswordViolations(secret.NewText(m.GetNewPassword())) }
}

// violations returns the rules that a message breaks.
func (r settingsRules) violations(message proto.Message) []fault.Violation {
	rule, ok := r[message.ProtoReflect().Descriptor().FullName()]
	if !ok {
		return nil
	}
	return rule(message)
}
