//go:build linux || darwin

package app_test

import (
	"context"
	"testing"
	"time"

	"connectrpc.com/connect"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// A database that answers nothing is as good as one that is down, in every protocol.
func TestLG03_AHungDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	proxy, url := dbtest.Before(t, dbtest.URL(t))
	env := latchkeytest.New(t, latchkeytest.OnDB(latchkeytest.Open(t, db.Config{URL: url, MaxConns: 4})),
		app.LimitCalls(time.Second))
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	env.AwaitJobs()
	proxy.Swallow(dbtest.All)
	// The server stops in order only with its database.
	defer func() {
		proxy.Pass()
		proxy.Cut(dbtest.All)
	}()

	for name, options := range map[string][]connect.ClientOption{
		"Connect": nil, "gRPC": {connect.WithGRPC()}, "gRPC-Web": {connect.WithGRPCWeb()},
	} {
		auth := latchkeyv1connect.NewAuthServiceClient(env.HTTP2(), env.URL, options...)
		_, err := auth.SignIn(context.WithoutCancel(t.Context()), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: ada.Email}, Password: ada.Password,
		})
		refusedAsDown(t, name+": SignIn", err)
	}
}
