package rpc

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// contract returns a service with one method that has these options.
func contract(t *testing.T, options *descriptorpb.MethodOptions) protoreflect.FileDescriptor {
	t.Helper()
	request := latchkeyv1.File_latchkey_v1_auth_service_proto.Messages().ByName("GetSettingsRequest")
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name:       proto.String("zqx.proto"),
		Package:    proto.String("zqx"),
		Dependency: []string{request.ParentFile().Path()},
		Service: []*descriptorpb.ServiceDescriptorProto{{
			Name: proto.String("DoorService"),
			Method: []*descriptorpb.MethodDescriptorProto{{
				Name:       proto.String("Open"),
				InputType:  proto.String("." + string(request.FullName())),
				OutputType: proto.String("." + string(request.FullName())),
				Options:    options,
			}},
		}},
	}, protoregistry.GlobalFiles)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAZ01_AMethodWithoutAccessStopsTheStart(t *testing.T) {
	t.Parallel()
	unspecified := &descriptorpb.MethodOptions{}
	proto.SetExtension(unspecified, latchkeyv1.E_Access, latchkeyv1.Access_ACCESS_UNSPECIFIED)

	for name, options := range map[string]*descriptorpb.MethodOptions{
		"no options":      nil,
		"other options":   {Deprecated: proto.Bool(true)},
		"the zero option": unspecified,
	} {
		table, err := readMethods(contract(t, options))
		if err == nil || !strings.Contains(err.Error(), "zqx.DoorService.Open") {
			t.Errorf("%s: got %v, %v", name, table, err)
		}
	}
}

func TestAZ01_AccessIsReadByProcedure(t *testing.T) {
	t.Parallel()
	options := &descriptorpb.MethodOptions{}
	proto.SetExtension(options, latchkeyv1.E_Access, latchkeyv1.Access_ACCESS_ADMIN)

	table, err := readMethods(contract(t, options))

	if err != nil || len(table) != 1 || table["/zqx.DoorService/Open"].access != latchkeyv1.Access_ACCESS_ADMIN {
		t.Errorf("got %v, %v", table, err)
	}
}

// An unknown option, and a procedure that is not in the table, grant no access.
func TestAZ01_WhatIsNotKnownIsRefused(t *testing.T) {
	t.Parallel()

	for _, access := range []latchkeyv1.Access{latchkeyv1.Access_ACCESS_UNSPECIFIED, 99, -1} {
		if _, err := (gate{}).admit(t.Context(), access, nil); err == nil {
			t.Errorf("access %d lets everybody in", access)
		}
	}
}

func TestEveryServiceOfTheContractIsServed(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, file := range services {
		known[file.Path()] = true
	}

	protoregistry.GlobalFiles.RangeFilesByPackage("latchkey.v1", func(file protoreflect.FileDescriptor) bool {
		if file.Services().Len() > 0 && !known[file.Path()] {
			t.Errorf("%s holds a service and is not in the list in methods.go", file.Path())
		}
		return true
	})
}

// A rule that holds for one procedure is an option of the contract, so that the next procedure of its kind gets it too.
func TestNoRuleNamesAProcedure(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	constant := regexp.MustCompile(`latchkeyv1connect\.\w+Procedure\b`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := constant.Find(source); found != nil {
			t.Errorf("%s names %s", file, found)
		}
	}
}
