// Command latchkey provides accounts and sign-in for product teams, in one binary.
package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
	"github.com/latchkey-auth/latchkey/server/internal/version"
)

type commands struct {
	Dev     withSettings `cmd:"" help:"Serve for development: nothing to configure, an embedded Postgres, and nothing leaves this machine unless a provider is set."`
	Keys    keysCommands `cmd:"" help:"Look after the keys that sign tokens."`
	Config  withSettings `cmd:"" help:"Print the effective settings, secrets hidden, and every problem with them."`
	Version struct{}     `cmd:"" help:"Print the version."`
}

type withSettings struct {
	settings.Settings
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "latchkey:", err)
		os.Exit(1)
	}
}

func run() error {
	var chosen commands
	source := settings.NewSource(os.Environ())
	parser, err := kong.New(&chosen, append(source.Options(),
		kong.Name("latchkey"),
		kong.Description("Accounts and sign-in for product teams."),
		kong.ShortUsageOnError(),
	)...)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)

	ctx, stop := untilStopped()
	defer stop()

	switch parsed.Command() {
	case "dev":
		if err := problems(source, chosen.Dev.Settings); err != nil {
			return err
		}
		log := slog.New(slog.NewTextHandler(os.Stderr, nil))
		outliveHangups(ctx, log)
		return app.RunDev(ctx, chosen.Dev.Settings, log, os.Stdout)
	case "keys list":
		return chosen.Keys.List.run(ctx, source)
	case "keys rotate":
		return chosen.Keys.Rotate.run(ctx, source)
	case "config":
		origin := func(flag string) settings.Origin { return source.OriginOf(parsed, flag) }
		if err := chosen.Config.Print(os.Stdout, origin); err != nil {
			return err
		}
		return problems(source, chosen.Config.Settings)
	default:
		fmt.Println("latchkey", version.String())
		return nil
	}
}

// problems returns all problems of the settings in one error.
func problems(source *settings.Source, s settings.Settings) error {
	found := source.Problems()
	misread := map[string]bool{}
	for _, p := range found {
		misread[p.Setting] = true
	}
	for _, p := range s.Problems() {
		// For a value that could not be parsed, the range is meaningless.
		if !misread[p.Setting] {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return nil
	}
	var text strings.Builder
	text.WriteString("the settings cannot be used:")
	for _, p := range found {
		text.WriteString("\n  " + p.String())
	}
	return errors.New(text.String())
}
