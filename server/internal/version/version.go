// Package version has the version of this build.
package version

import "runtime/debug"

// release is set by the build of a release: -ldflags "-X …/version.release=v1.2.3".
var release = "dev"

// String returns the release, or "dev" with the commit if the build recorded it.
func String() string {
	info, ok := debug.ReadBuildInfo()
	if release != "dev" || !ok {
		return release
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return release + "+" + setting.Value[:12]
		}
	}
	return release
}
