package secret_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func TestKey_MACIsHMACSHA256OfTheConcatenation(t *testing.T) {
	t.Parallel()
	master, err := secret.NewMaster(secret.NewText("a master secret for tests, and for nothing else"))
	if err != nil {
		t.Fatal(err)
	}
	key := master.Key("test")
	want := hmac.New(sha256.New, key.Reveal())
	want.Write([]byte("account" + "position"))
	if diff := cmp.Diff(want.Sum(nil), key.MAC([]byte("account"), []byte("position"))); diff != "" {
		t.Errorf("MAC (-want +got):\n%s", diff)
	}
	if hmac.Equal(key.MAC([]byte("account")), master.Key("another").MAC([]byte("account"))) {
		t.Error("two keys give the same MAC")
	}
}
