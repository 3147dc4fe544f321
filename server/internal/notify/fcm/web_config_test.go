package fcm_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
)

func TestTheConfigurationOfAWebApp(t *testing.T) {
	t.Parallel()

	got, err := fcm.ParseWebConfig(`{
		"apiKey": "AIza-key", "authDomain": "shop.firebaseapp.com", "projectId": "shop", "storageBucket": "shop.appspot.com",
		"messagingSenderId": "123456789012", "appId": "1:123456789012:web:abc", "measurementId": "G-1"
	}`)
	want := fcm.WebConfig{APIKey: "AIza-key", ProjectID: "shop", MessagingSenderID: "123456789012", AppID: "1:123456789012:web:abc"}
	if err != nil || got != want {
		t.Errorf("read as %+v, %v", got, err)
	}
	for _, text := range []string{
		`{ apiKey: "zqx", projectId: "p", messagingSenderId: "1", appId: "a" }`,
		`const firebaseConfig = {"apiKey":"zqx"};`,
		`{"apiKey":"zqx","projectId":"zqx","messagingSenderId":"1"}`,
		`{"type":"service_account","project_id":"zqx","private_key":"zqx"}`,
		`[]`, `"zqx"`, `null`, ``,
	} {
		if _, err := fcm.ParseWebConfig(text); err == nil || strings.Contains(err.Error(), "zqx") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The example of RFC 8292 section 2.4.
const vapidKey = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"

func TestThePublicKeyOfAWebPushCertificate(t *testing.T) {
	t.Parallel()

	if err := fcm.CheckVAPIDKey(vapidKey); err != nil {
		t.Error(err)
	}
	for name, key := range map[string]string{
		"empty": "", "short": vapidKey[:80], "longer": vapidKey + "AA", "padded": vapidKey + "=", "not on the curve": "BB" + vapidKey[2:],
		"the other base64": strings.ReplaceAll(vapidKey, "_", "/"), "a private key": "3KzvKasA2SoCxsp0iIG_o9B0Ozvl1XDwI63JRKNIWBM",
	} {
		if fcm.CheckVAPIDKey(key) == nil {
			t.Errorf("%s: %s passes", name, key)
		}
	}
}
