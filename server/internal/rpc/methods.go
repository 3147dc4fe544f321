package rpc

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// services are the files of the contract that define a service.
var services = []protoreflect.FileDescriptor{
	latchkeyv1.File_latchkey_v1_auth_service_proto,
	latchkeyv1.File_latchkey_v1_account_service_proto,
	latchkeyv1.File_latchkey_v1_admin_service_proto,
	latchkeyv1.File_latchkey_v1_token_service_proto,
}

// method holds the contract's options of a procedure. No rule of this package names a procedure.
type method struct {
	access      latchkeyv1.Access
	endsSession bool
}

// methodTable holds the options by procedure, such as "/latchkey.v1.AuthService/SignIn".
type methodTable map[string]method

// readMethods reads the options. It fails if a method has no access option, which stops the start-up.
func readMethods(files ...protoreflect.FileDescriptor) (methodTable, error) {
	table := methodTable{}
	for _, file := range files {
		for s := range file.Services().Len() {
			methods := file.Services().Get(s).Methods()
			for m := range methods.Len() {
				descriptor := methods.Get(m)
				access, _ := proto.GetExtension(descriptor.Options(), latchkeyv1.E_Access).(latchkeyv1.Access)
				if access == latchkeyv1.Access_ACCESS_UNSPECIFIED {
					return nil, fmt.Errorf("method %s has no access option: say in the contract who may call it", descriptor.FullName())
				}
				endsSession, _ := proto.GetExtension(descriptor.Options(), latchkeyv1.E_EndsSession).(bool)
				table[procedure(descriptor)] = method{access: access, endsSession: endsSession}
			}
		}
	}
	return table, nil
}

func procedure(method protoreflect.MethodDescriptor) string {
	return fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name())
}
