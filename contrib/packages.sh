# shellcheck shell=bash
# The Debian packages that kigen needs, stated once; quickstart.sh and test.sh source this file.

build_packages=(
  gcc libc6-dev meson ninja-build pkg-config
  libglib2.0-dev libsqlite3-dev libsodium-dev libjansson-dev libcsv-dev
  libical-dev libgmime-3.0-dev libesmtp-dev libssl-dev libmicrohttpd-dev libcurl4-openssl-dev libcmark-dev libqrencode-dev libarchive-dev
  check
)

# What the quickstart shows the results with.
demo_packages=(curl python3)

# postfix is here for its smtp-sink, and as a relay that a test configures for itself in a folder.
test_packages=(curl python3 python3-icalendar python3-vobject khal vdirsyncer systemd binutils clang clang-format mandoc openssl postfix sqlite3 zbar-tools chromium poppler-utils fonts-noto-cjk)

# What tests/bench/ measures beside, besides the above.
bench_packages=(nginx-light wrk nghttp2-client radicale mlmmj)

say() {
  printf '%s\n' "$*" >&2
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# install_missing PACKAGE...: asks apt-get only for what is not there, and never removes anything.
install_missing() {
  local missing=() package as_root=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "These packages are missing, and neither root nor sudo is here: apt-get install ${missing[*]}"
      return 1
    fi
    as_root=(sudo)
  fi
  say "Installing ${missing[*]} …"
  if [[ " ${missing[*]} " == *" postfix "* ]]; then # the package without a configuration, so that no service starts
    echo 'postfix postfix/main_mailer_type select No configuration' | "${as_root[@]}" debconf-set-selections
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null || true # an old list may do
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-remove --no-install-recommends \
    -o Dpkg::Use-Pty=0 install "${missing[@]}" >/dev/null || {
    say "apt-get could not install them. On Debian 12: apt-get install ${missing[*]}"
    return 1
  }
}

# install_test_modules: what tests need from npm (tests/package.json), into tests/node_modules.
install_test_modules() {
  command -v node >/dev/null && command -v npm >/dev/null || install_missing nodejs npm || return 1
  [ tests/node_modules/.package-lock.json -nt tests/package-lock.json ] ||
    npm --prefix tests ci --no-audit --no-fund >/dev/null || {
    say "npm could not install what tests/package.json names: npm --prefix tests ci"
    return 1
  }
}
