#!/bin/sh
# Installs Debian's redis-server for the tests when there is none, and does not start its service. Where that cannot be done
# (no apt, not root, no network) it says so and succeeds: the tests of Redis then skip with the same advice.
set -u
command -v redis-server >/dev/null 2>&1 || command -v valkey-server >/dev/null 2>&1 && exit 0
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
	echo "The tests of Redis are skipped: install redis-server or valkey-server to run them." >&2
	exit 0
fi
# What Debian asks before it starts a service; 101 means "do not".
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
# Another package of tests may be installing it at this moment.
install() { apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends redis-server; }
if ! log=$(install 2>&1 || { apt-get update && install; } 2>&1); then
	echo "$log" | tail -n 5 >&2
	echo "The tests of Redis are skipped: apt-get could not install redis-server." >&2
fi
