package settings

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Print writes the effective settings, one a line, each with its origin. It hides secrets.
func (s Settings) Print(w io.Writer, origin func(flag string) Origin) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range fields() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.variable, f.show(s), origin(f.flag))
	}
	return table.Flush()
}

// Markdown returns the table of docs/operations.md.
func Markdown() string {
	var table strings.Builder
	table.WriteString("| variable | flag | default | meaning |\n| --- | --- | --- | --- |\n")
	for _, f := range fields() {
		standard := "none"
		if f.standard != "" {
			standard = "`" + f.standard + "`"
		}
		name := "`" + f.variable + "`"
		if f.secret {
			name += " or `" + f.variable + fileSuffix + "`"
		}
		fmt.Fprintf(&table, "| %s | `--%s` | %s | %s |\n", name, f.flag, standard, f.help)
	}
	return table.String()
}
