package secret_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const masterText = "an operator's master secret, of 43 bytes..."

func newMaster(t *testing.T, text string) secret.Master {
	t.Helper()
	m, err := secret.NewMaster(secret.NewText(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLG06_AShortMasterSecretIsRefused(t *testing.T) {
	t.Parallel()

	for _, n := range []int{0, 1, 31} {
		if _, err := secret.NewMaster(secret.NewText(strings.Repeat("s", n))); !errors.Is(err, secret.ErrShortMaster) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	newMaster(t, strings.Repeat("s", 32))
	// Bytes are counted: eleven Korean syllables are 33 of them.
	newMaster(t, strings.Repeat("가", 11))
}

func TestMasterWithoutSecretGivesNoKey(t *testing.T) {
	t.Parallel()

	defer func() {
		if recover() == nil {
			t.Error("a key was derived from nothing")
		}
	}()
	var none secret.Master
	none.Key("anything")
}

func TestKeysAreOnePerPurposeAndSecret(t *testing.T) {
	t.Parallel()

	seen := map[string]string{}
	for _, text := range []string{masterText, masterText + " ", " " + masterText, strings.ToUpper(masterText)} {
		m := newMaster(t, text)
		for _, purpose := range []string{"codes", "codes ", "Codes", "keys", ""} {
			name := fmt.Sprintf("%q for %q", text, purpose)
			key := m.Key(purpose).Reveal()
			if !bytes.Equal(key, newMaster(t, text).Key(purpose).Reveal()) {
				t.Errorf("%s derives two keys", name)
			}
			if len(key) != secret.KeySize || bytes.Equal(key, make([]byte, secret.KeySize)) {
				t.Errorf("%s derives %x", name, key)
			}
			if other, ok := seen[string(key)]; ok {
				t.Errorf("%s and %s give the same key", name, other)
			}
			seen[string(key)] = name
		}
	}
}

// What was encrypted under a key stays readable: the derivation is RFC 5869 with SHA-256, no salt and the purpose behind
// our name, reckoned here step by step.
func TestKeyIsHKDF(t *testing.T) {
	t.Parallel()

	mac := func(key []byte, parts ...string) []byte {
		h := hmac.New(sha256.New, key)
		for _, part := range parts {
			h.Write([]byte(part))
		}
		return h.Sum(nil)
	}
	const purpose = "signing keys, AES-256-GCM, v1"
	extracted := mac(make([]byte, sha256.Size), masterText)
	want := mac(extracted, "latchkey "+purpose, "\x01")
	if got := newMaster(t, masterText).Key(purpose).Reveal(); !bytes.Equal(got, want) {
		t.Errorf("Key = %x, want %x", got, want)
	}
}

func TestLG01_MasterAndKeyDoNotPrint(t *testing.T) {
	t.Parallel()

	master := newMaster(t, masterText)
	key := master.Key("codes")
	decimal := fmt.Sprintf("%d %d %d", key.Reveal()[0], key.Reveal()[1], key.Reveal()[2])
	inside := []string{"operator", hex.EncodeToString([]byte("operator")), hex.EncodeToString(key.Reveal()[:4]), decimal}

	var printed bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&printed, verb+" "+verb+" "+verb+" "+verb+"\n", master, &master, key, &key)
		fmt.Fprintf(&printed, verb+"\n", struct {
			M secret.Master
			K secret.Key
		}{master, key})
	}
	log := slog.New(slog.NewJSONHandler(&printed, nil))
	log.Info("message", "master", master, "key", key, "in", struct{ K secret.Key }{key})
	for _, text := range inside {
		if strings.Contains(strings.ToLower(printed.String()), text) {
			t.Errorf("%q shows in:\n%s", text, &printed)
		}
	}
	if !strings.Contains(printed.String(), "[secret]") {
		t.Error("nothing was printed")
	}
}
