package dbtest

import (
	"context"
	"regexp"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Statement is an executed statement.
type Statement struct {
	// Name is its name in the queries; empty if it has none.
	Name string
	SQL  string
	Args []any
}

// Statements is a tracer that records the statements of a program.
type Statements struct {
	mu   sync.Mutex
	kept []Statement
}

var statementName = regexp.MustCompile(`^-- name: (\w+) :`)

// TraceQueryStart records a statement.
func (s *Statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := Statement{SQL: data.SQL, Args: data.Args}
	if name := statementName.FindStringSubmatch(data.SQL); name != nil {
		kept.Name = name[1]
	}
	s.kept = append(s.kept, kept)
	return ctx
}

// TraceQueryEnd does nothing.
func (s *Statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Kept returns the statements in the order in which they began.
func (s *Statements) Kept() []Statement {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.kept)
}

// Last returns the last statement with a name.
func (s *Statements) Last(name string) (Statement, bool) {
	kept := s.Kept()
	for _, statement := range slices.Backward(kept) {
		if statement.Name == name {
			return statement, true
		}
	}
	return Statement{}, false
}
