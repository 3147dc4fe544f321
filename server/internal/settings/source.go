package settings

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// Origin is where a setting's value comes from.
type Origin string

// The origins.
const (
	FromDefault     Origin = "default"
	FromFlag        Origin = "flag"
	FromEnvironment Origin = "environment"
	FromFile        Origin = "file"
)

// Problem is a problem of one setting. It never contains the value of a secret.
type Problem struct {
	// Setting is the name of the environment variable.
	Setting string
	Message string
}

// String returns the setting and the text.
func (p Problem) String() string { return p.Setting + ": " + p.Message }

// Source reads settings from flags and the environment. Unlike kong, it does not stop at the first error: an operator wants to
// see all of them.
type Source struct {
	environment map[string]string
	origins     map[string]Origin
	problems    []Problem
}

// NewSource returns a Source for an environment in the form of os.Environ.
func NewSource(environ []string) *Source {
	s := &Source{environment: map[string]string{}, origins: map[string]Origin{}}
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok && strings.HasPrefix(name, envPrefix) {
			s.environment[name] = value
		}
	}
	return s
}

// Options returns the options that make kong read through the Source.
func (s *Source) Options() []kong.Option {
	return []kong.Option{
		kong.Resolvers(kong.ResolverFunc(s.resolve)),
		kong.ValueFormatter(formatHelp),
		kong.TypeMapper(reflect.TypeFor[time.Duration](), collect(s, time.ParseDuration, "is no duration; write it like 10m or 24h")),
		kong.TypeMapper(reflect.TypeFor[int](), collect(s, strconv.Atoi, "is no whole number")),
		kong.TypeMapper(reflect.TypeFor[[]string](), collect(s, splitList, "")),
		kong.NamedMapper(jsonList, kong.MapperFunc(s.collectJSONList)),
	}
}

func (s *Source) resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	// The flags of a command are not settings: an environment variable must not decide what a command does.
	if !isSetting(flag.Name) {
		return nil, nil
	}
	name := variable(flag.Name)
	value, set := s.environment[name]
	path, fromFile := "", false
	if flag.Tag.Has("secret") {
		path, fromFile = s.environment[name+fileSuffix]
	}
	switch {
	case set && fromFile:
		s.problem(name, "is set together with "+name+fileSuffix+"; set one of the two")
		return nil, nil
	case fromFile:
		s.origins[flag.Name] = FromFile
		return s.readFile(name+fileSuffix, path)
	case set:
		s.origins[flag.Name] = FromEnvironment
		return value, nil
	}
	return nil, nil
}

func (s *Source) readFile(name, path string) (any, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		s.problem(name, "the file cannot be read: "+err.Error())
		return nil, nil //nolint:nilerr // recorded; the other settings are read too
	}
	// Editors and `echo` add a line end, which is not part of the value.
	return strings.TrimRight(string(data), "\r\n"), nil
}

// Problems returns the values that could not be parsed, and the variables that belong to no setting: otherwise a misspelled name
// would be ignored silently.
func (s *Source) Problems() []Problem {
	problems := slices.Clone(s.problems)
	known := map[string]bool{}
	for _, f := range fields() {
		known[f.variable] = true
		known[f.variable+fileSuffix] = f.secret
	}
	for name := range s.environment {
		if !known[name] && !strings.HasPrefix(name, reservedPrefix) {
			problems = append(problems, Problem{Setting: name, Message: "there is no such setting; `latchkey config` lists them"})
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return strings.Compare(a.Setting, b.Setting) })
	return problems
}

// OriginOf returns where a setting's value comes from, after kong has parsed into ctx.
func (s *Source) OriginOf(ctx *kong.Context, flag string) Origin {
	for _, path := range ctx.Path {
		if path.Flag != nil && path.Flag.Name == flag && !path.Resolved {
			return FromFlag
		}
	}
	if origin, ok := s.origins[flag]; ok {
		return origin
	}
	return FromDefault
}

func (s *Source) problem(setting, message string) {
	s.problems = append(s.problems, Problem{Setting: setting, Message: message})
}

// collect parses a value. If that fails, it records the problem, and continues with the zero value.
func collect[T any](s *Source, parse func(string) (T, error), complaint string) kong.MapperFunc {
	return func(ctx *kong.DecodeContext, target reflect.Value) error {
		var text string
		if err := ctx.Scan.PopValueInto("value", &text); err != nil {
			return err
		}
		value, err := parse(strings.TrimSpace(text))
		if err != nil {
			s.problem(variable(ctx.Value.Name), fmt.Sprintf("%q %s", text, complaint))
			return nil //nolint:nilerr // it is noted, and the other settings are looked at too
		}
		target.Set(reflect.ValueOf(value))
		return nil
	}
}

// splitList keeps empty entries, so that they are reported as invalid.
func splitList(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	list := strings.Split(text, ",")
	for i, entry := range list {
		list[i] = strings.TrimSpace(entry)
	}
	return list, nil
}

func formatHelp(value *kong.Value) string {
	if value.Flag == nil || !isSetting(value.Name) {
		return value.Help
	}
	return fmt.Sprintf("%s ($%s)", value.Help, variable(value.Name))
}

func variable(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
