//go:build linux || darwin

// Command linkonce links a test program once, and gives out a copy of it for as long as nothing changes that it is made of:
//
//	go test -toolexec 'linkonce directory' ./...
//
// Go remembers what it has compiled, but links each test program anew that has to run: a fifth of what all the tests take.
// With -toolexec it runs linkonce in front of the linker and of every other tool; those are handed over to as if it were not
// there, so that the same results are found in Go's cache with it and without.
//
// The directory holds one file for each name of a test program. Nothing is lost with it.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: linkonce directory tool [argument ...]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "linkonce:", err)
		os.Exit(1)
	}
}

// run returns only when the program was there, or something failed.
func run(dir string, argv []string) error {
	out, build := program(argv)
	if out == "" {
		return become(argv)
	}
	kept := filepath.Join(dir, filepath.Base(out)+"-"+build)
	if copyFile(kept, out) == nil {
		return nil
	}
	if err := link(argv); err != nil {
		return err
	}
	return keep(out, kept)
}

// become lets the tool take this process over.
func become(argv []string) error {
	return syscall.Exec(argv[0], argv, os.Environ()) //nolint:gosec // go test says which tool
}

// program gives the path of the test program that is to be linked, and what identifies everything that it is made of: the
// first part of its build id is Go's own hash of the linker, its flags and all packages. Both are empty when something else is
// to be done.
func program(argv []string) (out, build string) {
	if filepath.Base(argv[0]) != "link" {
		return "", ""
	}
	for i, arg := range argv {
		if arg == "-o" && i+1 < len(argv) {
			out = argv[i+1]
		}
		if id, ok := strings.CutPrefix(arg, "-buildid="); ok {
			build, _, _ = strings.Cut(id, "/")
		}
	}
	if !strings.HasSuffix(out, ".test") || build == "" {
		return "", ""
	}
	return out, build
}
