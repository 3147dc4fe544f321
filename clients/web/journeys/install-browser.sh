#!/bin/sh
# Prints where a browser is, for the journeys: `install-browser.sh chromium` or `install-browser.sh firefox`. It is the one that
# CHROMIUM_PATH or FIREFOX_PATH names, or one on the PATH, or Debian's. Root has apt-get install that; every other user has the
# packages unpacked into .cache, with the libraries and the Korean font that this machine lacks. Where none of that can be done
# (no apt, no network) it says so, prints nothing and succeeds: the journeys then skip with the same advice.
set -u

browser=${1:-chromium}
case $browser in
chromium)
	given=${CHROMIUM_PATH:-} variable=CHROMIUM_PATH
	names="chromium chromium-browser google-chrome google-chrome-stable"
	mac="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
	package=chromium unpacked=usr/lib/chromium/chromium
	;;
firefox)
	given=${FIREFOX_PATH:-} variable=FIREFOX_PATH
	names="firefox firefox-esr"
	mac="/Applications/Firefox.app/Contents/MacOS/firefox"
	package=firefox-esr unpacked=usr/lib/firefox-esr/firefox-esr
	;;
*)
	echo "install-browser.sh knows chromium and firefox, not $browser" >&2
	exit 2
	;;
esac

installed() {
	for name in $names; do
		command -v "$name" && return
	done
	[ -x "$mac" ] && echo "$mac"
}

skip() {
	[ -z "${log:-}" ] || echo "$log" | tail -n 5 >&2
	echo "The journeys in $browser are skipped: $1. Install $package, or set $variable, to run them." >&2
	exit 0
}

if [ -n "$given" ]; then
	echo "$given"
	exit
fi
installed && exit

# The browser, and what its pages are written with.
packages="$package fonts-nanum"
place=$(cd "$(dirname "$0")/../../.." && pwd)/.cache/$browser
program=$place/$browser
if [ -x "$program" ]; then
	echo "$program"
	exit
fi
command -v apt-get >/dev/null 2>&1 || skip "there is no $browser on this machine, and no apt-get"
export DEBIAN_FRONTEND=noninteractive

if [ "$(id -u)" = 0 ]; then
	# Another package of tests may be installing at this moment.
	install() { apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends $packages; }
	log=$(install 2>&1 || { apt-get update && install; } 2>&1) || skip "apt-get could not install it"
	installed || skip "apt-get has installed it, and it is not to be found"
	exit
fi

# An apt of our own, which knows what is installed and touches none of it.
work=$place.$$
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/root"
fetch() {
	apt-get -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work" -o Dir::Cache::Archives="$work/archives" \
		-o Dir::State::status=/var/lib/dpkg/status -o APT::Sandbox::User= -o Debug::NoLocking=1 \
		-o APT::Update::Post-Invoke= -o APT::Keep-Downloaded-Packages=1 "$@"
}
log=$({ fetch update && fetch install -y --download-only --no-install-recommends $packages; } 2>&1) ||
	skip "apt-get could not fetch it"
for archive in "$work"/archives/*.deb; do
	dpkg-deb -x "$archive" "$work/root" || skip "$archive could not be unpacked"
done
rm -rf "$work/lists" "$work/archives" "$work"/*.bin

cat >"$work/fonts.conf" <<END
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
	<dir>/usr/share/fonts</dir>
	<dir>$place/root/usr/share/fonts</dir>
	<cachedir>$place/fontcache</cachedir>
	<alias><family>sans-serif</family><prefer><family>DejaVu Sans</family><family>NanumGothic</family></prefer></alias>
	<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family><family>NanumGothicCoding</family></prefer></alias>
</fontconfig>
END
cat >"$work/$browser" <<END
#!/bin/sh
root="$place/root"
libraries=\$(find "\$root/lib" "\$root/usr/lib" -name '*.so*' -printf '%h\n' 2>/dev/null | sort -u | grep -v /lib/chromium | grep -v /lib/firefox-esr | paste -sd:)
export LD_LIBRARY_PATH="\$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="$place/fonts.conf"
exec "\$root/$unpacked" "\$@"
END
chmod 755 "$work/$browser"
# Another process may have been quicker.
[ -x "$program" ] || { rm -rf "$place" && mv "$work" "$place"; } || skip "$place cannot be written"
log=$("$program" --version 2>&1) || { rm -rf "$place"; skip "Debian's does not run here"; }
echo "$program"
