package app_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// firebase returns the settings of a server that sends notifications through two test servers: one issues tokens, the other
// receives notifications.
func firebase(t *testing.T, tokens, messages *gatewaytest.Server) latchkeytest.Option {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	account, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "latchkey-test", "private_key_id": "key-1",
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": "push@latchkey-test.iam.gserviceaccount.com", "token_uri": tokens.URL + "/token",
	})
	if err != nil {
		t.Fatal(err)
	}
	return latchkeytest.With(func(s *settings.Settings) {
		s.FCM.Credentials, s.FCM.Endpoint = secret.NewText(string(account)), messages.URL
	})
}

func TestMF06_NotificationsGoOutByFirebaseUntilTheDeviceIsGone(t *testing.T) {
	t.Parallel()
	tokens, messages := gatewaytest.New(t), gatewaytest.New(t)
	tokens.Answers(http.StatusOK, `{"access_token":"ya29.token","token_type":"Bearer","expires_in":3599}`, "Content-Type", "application/json")
	messages.Answers(http.StatusOK, `{"name":"projects/latchkey-test/messages/1"}`)
	env := latchkeytest.New(t, firebase(t, tokens, messages))
	admin, ada := env.Administrator("admin@example.com"), env.Person("ada@example.com")
	ada.SignsUp()
	if _, err := env.Account.RegisterDevice(ada.As(), &latchkeyv1.RegisterDeviceRequest{
		Token: "zqx-registration-token", Platform: latchkeyv1.Platform_PLATFORM_WEB,
	}); err != nil {
		t.Fatal(err)
	}
	sends := func(devices int32) {
		t.Helper()
		sent, err := env.Admin.SendPush(admin.As(), &latchkeyv1.SendPushRequest{
			UserId: ada.User.GetId(), Title: "주문", Body: "Your order is ready.", Data: map[string]string{"order": "1"},
		})
		if err != nil || sent.GetDevices() != devices {
			t.Fatalf("SendPush = %v, %v, want %d devices", sent, err, devices)
		}
		env.AwaitJobs()
	}

	sends(1)
	asked := messages.Asked()
	if len(asked) != 1 || asked[0].URL.Path != "/v1/projects/latchkey-test/messages:send" {
		t.Fatalf("Firebase was asked %v", asked)
	}
	for _, wanted := range []string{"zqx-registration-token", "주문", "Your order is ready.", `"order":"1"`} {
		if !strings.Contains(asked[0].Text, wanted) {
			t.Errorf("%s is not in %s", wanted, asked[0].Text)
		}
	}

	messages.Answers(http.StatusNotFound, `{"error":{"code":404,"status":"NOT_FOUND","details":[
		{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"UNREGISTERED"}]}}`)
	sends(1)
	// The token is good for nothing any more, so that it is forgotten.
	sends(0)
	seen, err := env.Admin.GetUser(admin.As(), &latchkeyv1.GetUserRequest{UserId: ada.User.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(seen.GetSends(), func(s *latchkeyv1.Send) bool {
		return s.GetState() == "failed" && s.GetProvider() == "fcm" && s.GetLastError() == "fcm: unregistered (UNREGISTERED)"
	}) {
		t.Errorf("noted are %v", seen.GetSends())
	}
}
