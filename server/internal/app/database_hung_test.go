//go:build linux || darwin

package app_test

import (
	"net/http"
	"testing"
	"time"

	"connectrpc.com/connect"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// A database that answers nothing is as good as one that is down, in every protocol.
func TestLG03_AHungDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	proxy, url := dbtest.Before(t, env.DB.Config().ConnString())
	// The limit is for calls that hang. The sign-up does not, and may take longer on a busy machine.
	hung := env.ReplicaAt(url, app.LimitCalls(2*time.Second))
	await(t, "the replica is ready", func() bool { return ready(t, hung) == http.StatusOK })
	proxy.Swallow(dbtest.All)
	// The server stops in order only with its database.
	t.Cleanup(func() {
		proxy.Pass()
		proxy.Cut(dbtest.All)
	})

	for name, options := range map[string][]connect.ClientOption{
		"Connect": nil, "gRPC": {connect.WithGRPC()}, "gRPC-Web": {connect.WithGRPCWeb()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			auth := latchkeyv1connect.NewAuthServiceClient(hung.For(t).HTTP2(), hung.URL, options...)
			_, err := auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
				Identifier: &latchkeyv1.SignInRequest_Email{Email: ada.Email}, Password: ada.Password,
			})
			refusedAsDown(t, "SignIn", err)
		})
	}
}
