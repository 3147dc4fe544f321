// Package web holds the built pages. `make web` builds them; without that, the folder holds nothing that could be served.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the output of the build, with `index.html` at its root. Beside a file may stand the same one compressed, with
// the ending `.br` or `.gz`.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant
	}
	return files
}
