//go:build linux || darwin

package devpg

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
)

// overrides cancel what the caller's environment would add to every connection made from a URL. They are written only where there
// is something to cancel, so that the usual URL stays short enough to be copied to psql.
var overrides = map[string][2]string{
	"PGOPTIONS":            {"options", ""},
	"PGTZ":                 {"timezone", "UTC"},
	"PGTARGETSESSIONATTRS": {"target_session_attrs", "any"},
	"PGCHANNELBINDING":     {"channel_binding", "disable"},
	"PGREQUIREAUTH":        {"require_auth", ""},
	"PGSSLROOTCERT":        {"sslrootcert", ""},
	"PGSSLCERTMODE":        {"sslcertmode", "disable"},
	"PGSSLNEGOTIATION":     {"sslnegotiation", "postgres"},
	"PGMINPROTOCOLVERSION": {"min_protocol_version", "3.0"},
	"PGMAXPROTOCOLVERSION": {"max_protocol_version", "3.0"},
	"PGCONNECT_TIMEOUT":    {"connect_timeout", "10"},
}

func (l *local) connectionURL(port int) (string, error) {
	query := url.Values{"sslmode": {"disable"}}
	for name, o := range overrides {
		if _, set := os.LookupEnv(name); set {
			query.Set(o[0], o[1])
		}
	}
	if os.Getenv("PGSERVICE") != "" {
		// A service cannot be unset, only replaced by an empty one.
		path, err := l.clusterDir.emptyService()
		if err != nil {
			return "", fmt.Errorf("undo PGSERVICE: %w", err)
		}
		query.Set("service", database)
		query.Set("servicefile", path)
	}
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, l.password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path:     "/" + database,
		RawQuery: query.Encode(),
	}
	return u.String(), nil
}

func (p *clusterDir) emptyService() (string, error) {
	f, err := p.openFile("pg_service.conf", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString("[" + database + "]\n")
	return filepath.Join(p.dir, "pg_service.conf"), errors.Join(err, f.Close())
}
