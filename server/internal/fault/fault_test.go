package fault_test

import (
	"errors"
	"fmt"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

func TestARefusalIsRecognisedThroughWrapping(t *testing.T) {
	t.Parallel()

	cause := errors.New("token has four parts")
	err := fmt.Errorf("authenticate: %w", fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID).CausedBy(cause))

	if !fault.Is(err, latchkeyv1.Reason_REASON_TOKEN_INVALID) {
		t.Error("the reason is lost")
	}
	if fault.Is(err, latchkeyv1.Reason_REASON_TOKEN_EXPIRED) {
		t.Error("the reason is taken for another")
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost to the log")
	}
	if fault.Is(cause, latchkeyv1.Reason_REASON_UNSPECIFIED) {
		t.Error("an error that is not ours has a reason")
	}
}
