package rpc

import (
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

// The contract's rules let every purpose pass that it names. One that is missing here would reach the use-case as an empty one.
func TestEveryPurposeOfTheContractHasItsPurposeInside(t *testing.T) {
	t.Parallel()
	for number, name := range latchkeyv1.Purpose_name {
		purpose := latchkeyv1.Purpose(number)
		if inside := purposes[purpose]; (inside == "") != (purpose == latchkeyv1.Purpose_PURPOSE_UNSPECIFIED) {
			t.Errorf("%s is %q inside", name, inside)
		}
	}
}
