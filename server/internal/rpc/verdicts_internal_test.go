package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/testing/protocmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/admin"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// verdicts are requests with their violations. The tests of clients/ts use the same file for the rules of forms.
type verdicts struct {
	Settings map[string]json.RawMessage
	Cases    []verdictCase
}

type verdictCase struct {
	Why, Message, Settings string
	Request                json.RawMessage
	Violations             []string
}

func readVerdicts(t *testing.T) verdicts {
	t.Helper()
	data, err := os.ReadFile("testdata/verdicts.json")
	if err != nil {
		t.Fatal(err)
	}
	var v verdicts
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// rulesByName are the settings that the file names.
func rulesByName() map[string]account.Rules {
	return map[string]account.Rules{
		"usual": {
			Email: account.Verified, Phone: account.Optional, Discovery: account.Open,
			Roles: []string{"trainee", "trainer"}, PhoneRegion: "KR", Passwords: password.Classic(),
		},
		"phone": {
			Email: account.Required, Phone: account.Verified, Discovery: account.Private,
			Roles: []string{"trainee"}, PhoneRegion: "KR", Passwords: password.Modern().WithMaxBytes(72),
		},
		"either": {
			Email: account.Optional, Phone: account.Optional, Discovery: account.Open,
			Roles: []string{"trainee", "trainer"}, PhoneRegion: "US", Passwords: password.Modern(),
		},
		"without e-mail": {
			Email: account.Off, Phone: account.Optional, Discovery: account.Open,
			Roles: []string{"trainee", "trainer"}, PhoneRegion: "KR", Passwords: password.Classic(),
		},
	}
}

func TestX1_ServerAgreesWithTheSharedVerdicts(t *testing.T) {
	t.Parallel()
	validators := verdictValidators(t)
	for _, c := range readVerdicts(t).Cases {
		message := readRequest(t, c.Message, string(c.Request))
		if diff := cmp.Diff(c.Violations, validators[c.Settings].verdict(t, message)); diff != "" {
			t.Errorf("%s, %s: %s %s (-want +got)\n%s", c.Settings, c.Why, c.Message, c.Request, diff)
		}
	}
}

// verdictValidators returns a validator for each of the settings.
func verdictValidators(t *testing.T) map[string]validator {
	t.Helper()
	rules, err := contractRules()
	if err != nil {
		t.Fatal(err)
	}
	sizes, err := contractSizes()
	if err != nil {
		t.Fatal(err)
	}
	texts, err := contractTexts()
	if err != nil {
		t.Fatal(err)
	}
	validators := map[string]validator{}
	for name, r := range rulesByName() {
		validators[name] = validator{
			rules: rules, sizes: sizes, texts: texts,
			settings: newSettingsRules(account.New(account.Deps{Rules: r}), admin.New(admin.Deps{Roles: r.Roles})),
		}
	}
	return validators
}

// readRequest decodes a message of the contract.
func readRequest(t *testing.T, name, request string) proto.Message {
	t.Helper()
	kind, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName("latchkey.v1." + name))
	if err != nil {
		t.Fatal(err)
	}
	message := kind.New().Interface()
	if err := protojson.Unmarshal([]byte(request), message); err != nil {
		t.Fatalf("%s: %v", request, err)
	}
	return message
}

// verdict names everything that is wrong with a message, whether the validator refuses it or leaves that to the use-case.
func (v validator) verdict(t *testing.T, message proto.Message) []string {
	t.Helper()
	wrong := v.settings.violations(message)
	if err := v.check(message); err != nil {
		var refused *fault.Error
		if !errors.As(err, &refused) {
			t.Fatal(err)
		}
		wrong = refused.Violations
	}
	named := []string{}
	for _, violation := range wrong {
		named = append(named, fmt.Sprintf("%s: %s", violation.Field, violation.Rule))
	}
	return named
}

// The settings in the file are what GetSettings would return.
func TestX1_SharedVerdictsNameTheSettings(t *testing.T) {
	t.Parallel()
	file := readVerdicts(t)
	for name, r := range rulesByName() {
		want := toSettings(r, verification.Config{CodeTTL: 10 * time.Minute, ResendWait: time.Minute})
		got := &latchkeyv1.Settings{}
		if err := protojson.Unmarshal(file.Settings[name], got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
