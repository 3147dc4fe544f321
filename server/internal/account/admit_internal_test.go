package account

import (
	"go/ast"
	"go/types"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/packages"
)

const module = "github.com/latchkey-auth/latchkey"

// Lock-out, budgets, notices and second factors hold for every way to sign in, since every way leads through admit: nothing else calls
// session.Start, and nothing but session.Start creates a session's row. The test uses type information, so that
// an alias cannot hide a call.
func TestOnlyAdmitStartsASession(t *testing.T) {
	t.Parallel()
	loaded, err := packages.Load(&packages.Config{
		Mode:    packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports,
		Dir:     "../../..",
		Context: t.Context(),
	}, "./server/...", "./db/...")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]bool{
		"(*" + module + "/server/internal/session.Service).Start": {},
		"(*" + module + "/gen/dbsqlc.Queries).CreateSession":      {},
	}
	for _, p := range loaded {
		for _, problem := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, problem)
		}
		for _, file := range p.Syntax {
			for name, in := range uses(p, file) {
				if users, ok := got[name]; ok {
					maps.Copy(users, in)
				}
			}
		}
	}
	want := map[string]map[string]bool{
		"(*" + module + "/server/internal/session.Service).Start": {"(*" + module + "/server/internal/account.Service).admit": true},
		"(*" + module + "/gen/dbsqlc.Queries).CreateSession":      {"(*" + module + "/server/internal/session.Service).Start": true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("build evidence and call admit; who uses what (-want +got):\n%s", diff)
	}
}

// uses returns the functions that a file mentions, each with the functions in which it does.
func uses(p *packages.Package, file *ast.File) map[string]map[string]bool {
	found := map[string]map[string]bool{}
	for _, declaration := range file.Decls {
		within := p.PkgPath
		if f, ok := declaration.(*ast.FuncDecl); ok {
			if defined, ok := p.TypesInfo.Defs[f.Name].(*types.Func); ok {
				within = defined.FullName()
			}
		}
		ast.Inspect(declaration, func(node ast.Node) bool {
			name, ok := node.(*ast.Ident)
			if !ok {
				return true
			}
			if used, ok := p.TypesInfo.Uses[name].(*types.Func); ok {
				if found[used.FullName()] == nil {
					found[used.FullName()] = map[string]bool{}
				}
				found[used.FullName()][within] = true
			}
			return true
		})
	}
	return found
}
