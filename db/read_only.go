package db

import "strings"

// readVerbs are the first words in the names of queries that only read.
var readVerbs = []string{"Find", "Get", "List", "Was"}

// isReadOnly reports whether a statement changes nothing: it begins with SELECT, and its name, if it has one, begins with a reading
// verb. A SELECT alone may call a function that writes.
func isReadOnly(sql string) bool {
	const (
		name = "-- name: "
		verb = "SELECT"
	)
	if named, ok := strings.CutPrefix(sql, name); ok && !isReadName(named) {
		return false
	}
	// sqlc puts the comments before the statement.
	for strings.HasPrefix(sql, "--") {
		_, sql, _ = strings.Cut(sql, "\n")
	}
	return len(sql) > len(verb) && strings.EqualFold(sql[:len(verb)], verb)
}

func isReadName(name string) bool {
	for _, verb := range readVerbs {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}
