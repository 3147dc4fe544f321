package rpc

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// services are the files of the contract that hold one.
var services = []protoreflect.FileDescriptor{
	latchkeyv1.File_latchkey_v1_auth_service_proto,
	latchkeyv1.File_latchkey_v1_account_service_proto,
	latchkeyv1.File_latchkey_v1_admin_service_proto,
	latchkeyv1.File_latchkey_v1_token_service_proto,
}

// accessTable says who may call each procedure, such as "/latchkey.v1.AuthService/SignIn", by the option in the contract.
type accessTable map[string]latchkeyv1.Access

// readAccess fails when a method lacks the option, which stops the start-up.
func readAccess(files ...protoreflect.FileDescriptor) (accessTable, error) {
	table := accessTable{}
	for _, file := range files {
		for s := range file.Services().Len() {
			methods := file.Services().Get(s).Methods()
			for m := range methods.Len() {
				method := methods.Get(m)
				access, _ := proto.GetExtension(method.Options(), latchkeyv1.E_Access).(latchkeyv1.Access)
				if access == latchkeyv1.Access_ACCESS_UNSPECIFIED {
					return nil, fmt.Errorf("method %s has no access option: say in the contract who may call it", method.FullName())
				}
				table[procedure(method)] = access
			}
		}
	}
	return table, nil
}

func procedure(method protoreflect.MethodDescriptor) string {
	return fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name())
}
