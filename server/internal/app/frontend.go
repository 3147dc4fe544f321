package app

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// frontend serves the built pages. The page does its own routing: every path that a browser navigates to, and that is not a file,
// gets the page.
type frontend struct {
	files fs.FS
	// etags identify versions by file name: embedded files have no modification time.
	etags map[string]string
	// policy is the Content-Security-Policy of the page.
	policy string
}

const (
	frontendPage = "index.html"
	// assetFolder holds files whose names change with their content.
	assetFolder = "assets/"
)

// newFrontend returns nil if the pages were not built.
func newFrontend(files fs.FS, policy string) (*frontend, error) {
	if _, err := fs.Stat(files, frontendPage); errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // the API works without pages
	}
	f := &frontend{files: files, etags: make(map[string]string), policy: policy}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		f.etags[name] = `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the built pages: %w", err)
	}
	return f, nil
}

// ServeHTTP serves GET and HEAD.
func (f *frontend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = frontendPage
	}
	if _, ok := f.etags[name]; !ok || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
		// A missing file is 404: the browser would run the page as a script.
		if strings.HasPrefix(name, assetFolder) || !wantsPage(r) {
			answer(w, http.StatusNotFound, "there is nothing here")
			return
		}
		name = frontendPage
	}
	f.serve(w, r, name)
}

func (f *frontend) serve(w http.ResponseWriter, r *http.Request, name string) {
	header := w.Header()
	header.Set("Content-Type", contentTypeOf(name))
	header.Set("Vary", "Accept-Encoding")
	switch {
	case name == frontendPage:
		header.Set("Content-Security-Policy", f.policy)
		header.Set("Cache-Control", "no-cache")
	case strings.HasPrefix(name, assetFolder):
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	default:
		header.Set("Cache-Control", "no-cache")
	}
	if encoding, ending := f.encoding(r, name); encoding != "" {
		header.Set("Content-Encoding", encoding)
		name += ending
	}
	header.Set("ETag", f.etags[name])
	file, err := f.files.Open(name)
	if err != nil {
		answer(w, http.StatusInternalServerError, "the page cannot be read")
		return
	}
	defer func() { _ = file.Close() }()
	content, ok := file.(io.ReadSeeker)
	if !ok {
		answer(w, http.StatusInternalServerError, "the page cannot be read")
		return
	}
	http.ServeContent(w, r, name, time.Time{}, content)
}

// encoding returns the compressed variant of a file that the browser accepts, if there is one.
func (f *frontend) encoding(r *http.Request, name string) (encoding, ending string) {
	accepted := r.Header.Get("Accept-Encoding")
	for _, choice := range [][2]string{{"br", ".br"}, {"gzip", ".gz"}} {
		if _, exists := f.etags[name+choice[1]]; exists && accepts(accepted, choice[0]) {
			return choice[0], choice[1]
		}
	}
	return "", ""
}

// accepts parses an Accept-Encoding header (RFC 9110 section 12.5.3). A weight of zero refuses an encoding.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), encoding) {
			weight = strings.ReplaceAll(weight, " ", "")
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}

// wantsPage reports whether a request is a browser's navigation, and not a program's request for a file.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// contentTypeOf does not use the tables of the machine, which may differ.
func contentTypeOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".webmanifest":
		return "application/manifest+json"
	default:
		return "application/octet-stream"
	}
}

// frontendPolicy allows the page to load its own files and to call this server. It allows nothing inline, and no other hosts
// except the named connections (OWASP ASVS 5.0 3.4.3).
func frontendPolicy(connections ...string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"connect-src " + strings.Join(append([]string{"'self'"}, connections...), " "),
		"manifest-src 'self'",
		"worker-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types latchkey",
	}, "; ")
}
