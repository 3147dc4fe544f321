package rpc_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// methods returns every method of the contract by its short name, such as "AuthService.SignIn". They come from what the generated
// code registers, not from the server's own list, which may be incomplete.
func methods() map[string]protoreflect.MethodDescriptor {
	found := map[string]protoreflect.MethodDescriptor{}
	protoregistry.GlobalFiles.RangeFilesByPackage("latchkey.v1", func(file protoreflect.FileDescriptor) bool {
		for s := range file.Services().Len() {
			all := file.Services().Get(s).Methods()
			for m := range all.Len() {
				found[fmt.Sprintf("%s.%s", all.Get(m).Parent().Name(), all.Get(m).Name())] = all.Get(m)
			}
		}
		return true
	})
	return found
}

func procedure(method protoreflect.MethodDescriptor) string {
	return fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name())
}

func accessOf(method protoreflect.MethodDescriptor) latchkeyv1.Access {
	access, _ := proto.GetExtension(method.Options(), latchkeyv1.E_Access).(latchkeyv1.Access)
	return access
}

// needsSession reports whether a method refuses those who have no session, or no service key.
func needsSession(method protoreflect.MethodDescriptor) bool {
	access := accessOf(method)
	return access != latchkeyv1.Access_ACCESS_PUBLIC && access != latchkeyv1.Access_ACCESS_OPTIONAL_SESSION
}

func sideEffectFree(method protoreflect.MethodDescriptor) bool {
	options, _ := method.Options().(*descriptorpb.MethodOptions)
	return options.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
}

// samples are values that meet the contract's rules, in JSON, by the field's name in JSON.
var samples = map[string]string{
	"body":            `"zqx"`,
	"code":            `"424242"`,
	"currentPassword": `"Zqx-zqx-1"`,
	"cursor":          `"zqx"`,
	"data":            `{"zqx":"zqx"}`,
	"email":           `"zqx@example.com"`,
	"locale":          `"ko"`,
	"name":            `"zqx zqx"`,
	"newPassword":     `"Zqx-zqx-2"`,
	"nickname":        `"zqx"`,
	"pageSize":        `10`,
	"pageToken":       `""`,
	"password":        `"Zqx-zqx-1"`,
	"phone":           `"010-4242-4242"`,
	"platform":        `"PLATFORM_WEB"`,
	"provider":        `"google"`,
	"purpose":         `"PURPOSE_SIGN_IN"`,
	"query":           `"zqx"`,
	"reason":          `"zqx"`,
	"refreshToken":    `"zqx.zqx.zqx"`,
	"returnTo":        `"/zqx"`,
	"role":            `"trainee"`,
	"sessionId":       `"ses_0zqx"`,
	"ticket":          `"zqx"`,
	"title":           `"zqx"`,
	"token":           `"zqx"`,
	"userId":          `"usr_0zqx"`,
	"verificationId":  `"zqx"`,
	"verificationIds": `["zqx"]`,
}

// members are the members of a JSON object, by name, each in JSON.
type members map[string]string

func (m members) with(name, value string) members {
	changed := members{name: value}
	for other, value := range m {
		if other != name {
			changed[other] = value
		}
	}
	return changed
}

func (m members) without(name string) members {
	changed := m.with(name, "")
	delete(changed, name)
	return changed
}

// String writes the object. It does not use encoding/json, which would repair what is meant to be broken.
func (m members) String() string {
	written := make([]string, 0, len(m))
	for name, value := range m {
		written = append(written, fmt.Sprintf("%q:%s", name, value))
	}
	slices.Sort(written)
	return "{" + strings.Join(written, ",") + "}"
}

// goodRequest returns a request that meets the rules of the contract, with every field set. In each oneof, the first member is
// set, or the requested one.
func goodRequest(t testing.TB, method protoreflect.MethodDescriptor, chosen protoreflect.FieldDescriptor) members {
	t.Helper()
	good := members{}
	fields := method.Input().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if one := field.ContainingOneof(); one != nil && !one.IsSynthetic() {
			set := one.Fields().Get(0)
			if chosen != nil && chosen.ContainingOneof() == one {
				set = chosen
			}
			if field != set {
				continue
			}
		}
		sample, ok := samples[field.JSONName()]
		if !ok {
			t.Fatalf("add a value for %s to the samples in contract_test.go", field.FullName())
		}
		good[field.JSONName()] = sample
	}
	return good
}

func encode(t testing.TB, method protoreflect.MethodDescriptor, request members) []byte {
	t.Helper()
	message := dynamicpb.NewMessage(method.Input())
	if err := protojson.Unmarshal([]byte(request.String()), message); err != nil {
		t.Fatalf("%s: %v", method.FullName(), err)
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Without this, a table of requests that are wrong in one place may be wrong in another.
func TestTheSamplesMeetTheContract(t *testing.T) {
	t.Parallel()

	rules, err := protovalidate.New()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for name, method := range methods() {
		good := goodRequest(t, method, nil)
		message := dynamicpb.NewMessage(method.Input())
		if err := protojson.Unmarshal([]byte(good.String()), message); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if err := rules.Validate(message); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for i := range method.Input().Fields().Len() {
			used[method.Input().Fields().Get(i).JSONName()] = true
		}
	}
	for name := range samples {
		if !used[name] {
			t.Errorf("no request has a field %q any more: take its sample away", name)
		}
	}
}
