package rpc_test

import (
	"net/http"
	"strings"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

func TestPaths(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"AP06_UnknownProceduresAreNotFound": storyUnknownProcedures,
		"AP07_OddPathsPassTheSameGuard":     storyOddPaths,
	})
}

func storyUnknownProcedures(t *testing.T, env *latchkeytest.Env) {
	for _, path := range []string{
		"/latchkey.v1.AuthService/Zqx",
		"/latchkey.v1.AuthService/signIn",
		"/latchkey.v1.AuthService/SIGNIN",
		"/latchkey.v1.AuthService/SignIn/",
		"/latchkey.v1.AuthService/SignIn/zqx",
		"/latchkey.v1.AuthService//SignIn",
		"/latchkey.v1.AuthService/./SignIn",
		"/latchkey.v1.AuthService/zqx/../SignIn",
		"/latchkey.v1.AuthService/%2e/SignIn",
		"/latchkey.v1.AuthService/SignIn%00",
		"/latchkey.v1.AuthService/SignIn%20",
		"/latchkey.v1.AuthService/SignIn;zqx",
		"/latchkey.v1.AuthService/SignIn.json",
		"/latchkey.v1.AuthService/",
		"/latchkey.v1.AuthService",
		"/latchkey.v1.Authservice/SignIn",
		"/latchkey.v1.ZqxService/Zqx",
		"/latchkey.v2.AuthService/SignIn",
		"/latchkey.v1/AuthService/SignIn",
		"/latchkey.v1.UnimplementedAuthService/SignIn",
		"/latchkey.",
	} {
		for _, contentType := range []string{jsonType, binaryType, "text/plain"} {
			post(t, env, path, contentType, goodSignIn).
				refused(t, http.StatusNotFound, latchkeyv1.Reason_REASON_NOT_FOUND, "")
		}
		send(t, env, http.MethodGet, path, nil).
			refused(t, http.StatusNotFound, latchkeyv1.Reason_REASON_NOT_FOUND, "")
	}
}

// An odd spelling of a path is either no way in, or the same door with the same guard.
func storyOddPaths(t *testing.T, env *latchkeytest.Env) {
	for _, path := range []string{
		"//latchkey.v1.AccountService/GetProfile",
		"/./latchkey.v1.AccountService/GetProfile",
		"/zqx/../latchkey.v1.AccountService/GetProfile",
		"/latchkey%2ev1.AccountService/GetProfile",
		"/latchkey.v1.AccountService%2fGetProfile",
		"/latchkey.v1.AccountService%2FGetProfile",
		"/latchkey.v1.AccountService/%47etProfile",
		"/%6catchkey.v1.AccountService/GetProfile",
		"/LATCHKEY.V1.ACCOUNTSERVICE/GETPROFILE",
		"/latchkey.v1.AccountService/GetProfile?zqx",
		`/latchkey.v1.AccountService\GetProfile`,
		"/%2flatchkey.v1.AccountService/GetProfile",
		"/latchkey.v1.AccountService/GetProfile%2f",
		"/latchkey.v1.AccountService/GetProfile/..",
	} {
		for _, contentType := range []string{jsonType, binaryType, "application/grpc", "application/grpc-web+proto"} {
			got := post(t, env, path, contentType, []byte{0, 0, 0, 0, 0})
			unauthenticated := got.Status == http.StatusUnauthorized ||
				got.Header.Get("Grpc-Status") == "16" || got.Trailer.Get("Grpc-Status") == "16"
			elsewhere := got.Status >= 300 && got.Status < 500 ||
				got.Header.Get("Grpc-Status") == "12" || got.Trailer.Get("Grpc-Status") == "12"
			if !unauthenticated && !elsewhere {
				t.Errorf("%s, %s: got %d %v %q", path, contentType, got.Status, got.Header, got.Body)
			}
			if to := got.Header.Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, ":") {
				t.Errorf("%s sends the caller away to %q", path, to)
			}
		}
	}
}
