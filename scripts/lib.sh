# What the scripts here share: sourced, not run. Expects `set -euo pipefail`.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$1" >&2; exit "${2:-1}"; }

# Root's rights for one command: none needed in CI, sudo at a desk.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Puts Swift on the PATH: where it already is, in $SWIFT_HOME, or in one of the usual places (sudo forgets the PATH).
find_swift() {
  command -v swift >/dev/null && return 0
  local home
  home=$(getent passwd "${SUDO_USER:-$(id -un)}" | cut -d: -f6)
  for place in "${SWIFT_HOME:+$SWIFT_HOME/usr/bin}" /opt/swift/usr/bin /usr/share/swift/usr/bin "$home/.local/share/swiftly/bin"; do
    if [ -n "$place" ] && [ -x "$place/swift" ]; then
      PATH=$place:$PATH
      export PATH
      return 0
    fi
  done
  fail "swift: not found: install Swift 6.1 or later from https://swift.org/install, or set SWIFT_HOME" 69
}

# need_packages NAME…: installs the Debian packages that are missing, and starts no service while it does so.
need_packages() {
  local missing=()
  for name in "$@"; do
    case $(dpkg-query -W -f '${Status}' "$name" 2>/dev/null) in *' installed') ;; *) missing+=("$name") ;; esac
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Installing Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  case " ${missing[*]} " in
    *' postfix '*) echo 'postfix postfix/main_mailer_type select No configuration' | as_root debconf-set-selections ;;
  esac
  local guard=/usr/sbin/policy-rc.d guarded=
  if [ ! -e $guard ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $guard >/dev/null
    as_root chmod 755 $guard
    guarded=yes
  fi
  local status=0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    </dev/null >/dev/null || status=$?
  [ -z "$guarded" ] || as_root rm -f $guard
  [ $status -eq 0 ] || fail "apt-get install ${missing[*]}: failed: see the lines above" 69
}

# Zone files that know today's rules (R3), for tests expect them: an image may bring old ones.
fresh_zones() {
  [ "$(TZ=America/Vancouver date -d '2027-12-09 16:00 UTC' +%z)" = -0700 ] && return 0
  say "Bringing tzdata up to date"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq tzdata </dev/null >/dev/null
}

# libncurses6 and libxml2: the compiler's own, where it was unpacked from its archive.
build_packages=(
  build-essential ca-certificates git libncurses6 libxml2 pkg-config
  libcurl4-openssl-dev libsqlite3-dev libsystemd-dev tzdata)
peer_packages=(openssl python3 python3-venv)
# What scripts/faults provokes failures with.
fault_packages=(faketime iproute2 postfix strace util-linux)

# The Python peers that tests and demo speak to, in a folder of their own: nothing is installed for the whole machine.
python=$root/.build-python/bin/python3
python_peers() {
  python_packages "$root/.build-python" aiosmtpd==1.4.6 icalendar==6.3.1 standardwebhooks==1.1.0 varlink==31.0.0
}

# python_packages FOLDER NAME==VERSION…: a Python in FOLDER that has these, fetched anew if it has others.
python_packages() {
  local folder=$1 wanted=${*:2}
  [ "$(cat "$folder/wanted" 2>/dev/null)" = "$wanted" ] && return 0
  say "Fetching Python peers: $wanted"
  rm -rf "$folder"
  /usr/bin/python3 -m venv "$folder"
  # shellcheck disable=SC2086 # one argument a package
  "$folder/bin/pip" install --quiet --disable-pip-version-check $wanted
  echo "$wanted" >"$folder/wanted"
}

# Release programs carry Swift's own libraries, so that the clinic's machine needs none.
release=$root/.build/release
build_release() {
  say "Building the release programs (swift build -c release --static-swift-stdlib)"
  swift build --package-path "$root" -c release --static-swift-stdlib --product followupd
  swift build --package-path "$root" -c release --static-swift-stdlib --product followupctl
}
