package dbtest

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
)

// How Postgres plans a prepared statement: once for any arguments, or for the present ones.
const (
	GenericPlan = "force_generic_plan"
	CustomPlan  = "force_custom_plan"
)

// Plan is an executed plan: a node with the nodes below it.
type Plan struct {
	Node     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Rows     float64 `json:"Actual Rows"`
	Loops    float64 `json:"Actual Loops"`
	// Filtered and Rechecked count rows that a scan has read and discarded.
	Filtered  float64 `json:"Rows Removed by Filter"`
	Rechecked float64 `json:"Rows Removed by Index Recheck"`
	Below     []Plan  `json:"Plans"`
}

// Explain executes a statement, rolls it back, and returns its plan. The mode is GenericPlan or CustomPlan.
func Explain(t testing.TB, d *db.DB, s Statement, mode string) Plan {
	t.Helper()
	ctx := t.Context()
	tx, err := d.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(ctx) //nolint:errcheck // it takes back what was executed
	for _, statement := range []string{"SET LOCAL plan_cache_mode = " + mode, "PREPARE explained AS " + s.SQL} {
		if _, err := tx.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	// EXPLAIN takes no parameters: the simple protocol writes the arguments into the text.
	execute := "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE explained" + parameters(len(s.Args))
	var text string
	if err := tx.QueryRow(ctx, execute, append([]any{pgx.QueryExecModeSimpleProtocol}, s.Args...)...).Scan(&text); err != nil {
		t.Fatalf("explain %s: %v", s.SQL, err)
	}
	if _, err := tx.Exec(ctx, "DEALLOCATE explained"); err != nil {
		t.Fatal(err)
	}
	var explained []struct{ Plan Plan }
	if err := json.Unmarshal([]byte(text), &explained); err != nil {
		t.Fatal(err)
	}
	return explained[0].Plan
}

func parameters(n int) string {
	if n == 0 {
		return ""
	}
	numbered := make([]string, n)
	for i := range numbered {
		numbered[i] = fmt.Sprintf("$%d", i+1)
	}
	return "(" + strings.Join(numbered, ", ") + ")"
}

// Nodes yields the node and all nodes below it.
func (p Plan) Nodes() iter.Seq[Plan] {
	return func(yield func(Plan) bool) { p.visit(yield) }
}

func (p Plan) visit(yield func(Plan) bool) bool {
	if !yield(p) {
		return false
	}
	for _, below := range p.Below {
		if !below.visit(yield) {
			return false
		}
	}
	return true
}

// RowsRead returns how many rows the plan has read from tables.
func (p Plan) RowsRead() int {
	var read float64
	for node := range p.Nodes() {
		if strings.HasSuffix(node.Node, "Scan") && node.Relation != "" {
			read += (node.Rows + node.Filtered + node.Rechecked) * node.Loops
		}
	}
	return int(read)
}

// ScannedWhole returns the tables that the plan reads completely.
func (p Plan) ScannedWhole() []string {
	var tables []string
	for node := range p.Nodes() {
		if node.Node == "Seq Scan" {
			tables = append(tables, node.Relation)
		}
	}
	return tables
}

// String formats the plan as a tree.
func (p Plan) String() string {
	var out strings.Builder
	p.write(&out, 0)
	return out.String()
}

func (p Plan) write(to *strings.Builder, depth int) {
	fmt.Fprintf(to, "%s%s %s (%.0f rows, %.0f passed over, %.0f times)\n",
		strings.Repeat("  ", depth), p.Node, p.Relation, p.Rows, p.Filtered+p.Rechecked, p.Loops)
	for _, below := range p.Below {
		below.write(to, depth+1)
	}
}
