//go:build linux || darwin

package devpg

// WithPath makes Start look for binaries in these directories alone.
func WithPath(o Options, path string) Options {
	return tuned(o, func(s *search) { s.path, s.patterns = path, nil })
}

// WithNPM makes Start fetch the binaries with npm.
func WithNPM(o Options, npm, cache string) Options {
	return tuned(o, func(s *search) { s.path, s.patterns, s.npm, s.cache = "", nil, npm, cache })
}

// WithState names the directory for clusters whose own is out of reach.
func WithState(o Options, dir string) Options {
	return tuned(o, func(s *search) { s.state = dir })
}

// WithPortFirst has this port tried before a free one.
func WithPortFirst(o Options, port int) Options {
	return tuned(o, func(s *search) {
		s.port = func() (int, error) {
			if p := port; p != 0 {
				port = 0
				return p, nil
			}
			return freePort()
		}
	})
}

func tuned(o Options, tune func(*search)) Options {
	if o.search == nil {
		o.search = defaultSearch()
	}
	s := *o.search
	tune(&s)
	o.search = &s
	return o
}

// UsualDirectories are those in which binaries are found on this machine.
func UsualDirectories() []string { return defaultSearch().directories() }

// NewestFirst is how the directories of one pattern are tried.
var NewestFirst = newestFirst
