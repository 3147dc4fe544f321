package main

import (
	"context"
	"os"

	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

type keysCommands struct {
	List   listKeys   `cmd:"" help:"Print the keys: which one signs, which one comes next, which ones only verify any more."`
	Rotate rotateKeys `cmd:"" help:"Create the next key now. It begins to sign some minutes later, when all servers and verifiers know it. All users stay signed in."`
}

type listKeys struct {
	withSettings
	JSON bool `name:"json" help:"Print JSON."`
}

func (c listKeys) run(ctx context.Context, source *settings.Source) error {
	if err := problems(source, c.Settings); err != nil {
		return err
	}
	return app.ListKeys(ctx, c.Settings, c.JSON, os.Stdout)
}

type rotateKeys struct {
	withSettings
	Compromised bool `name:"compromised" help:"The keys have leaked: a new one signs at once, all others are removed, and their signatures are refused, also when a session is renewed: all users must sign in again."`
}

func (c rotateKeys) run(ctx context.Context, source *settings.Source) error {
	if err := problems(source, c.Settings); err != nil {
		return err
	}
	if c.Compromised {
		return app.ReplaceKeys(ctx, c.Settings, os.Stdout)
	}
	return app.RotateKeys(ctx, c.Settings, os.Stdout)
}
