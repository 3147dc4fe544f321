package db

import "strings"

// readingVerbs begin the names of the queries that only read.
var readingVerbs = []string{"Find", "Get", "List", "Was"}

// reads reports whether a statement changes nothing: it begins with SELECT, and its name, if it has one, begins with a reading
// verb. A SELECT alone may call a function that writes.
func reads(sql string) bool {
	const (
		name = "-- name: "
		verb = "SELECT"
	)
	if named, ok := strings.CutPrefix(sql, name); ok && !namesAReader(named) {
		return false
	}
	// sqlc puts the comments before the statement.
	for strings.HasPrefix(sql, "--") {
		_, sql, _ = strings.Cut(sql, "\n")
	}
	return len(sql) > len(verb) && strings.EqualFold(sql[:len(verb)], verb)
}

func namesAReader(name string) bool {
	for _, verb := range readingVerbs {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}
