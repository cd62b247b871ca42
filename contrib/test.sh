#!/usr/bin/env bash
# Builds kigen three ways and runs every test: gcc with all tests, clang as a second opinion (build only), and the
# unit tests under AddressSanitizer and UndefinedBehaviorSanitizer. Installs what is missing (Debian 12). The last
# line counts the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
. contrib/packages.sh

install_missing "${build_packages[@]}" "${test_packages[@]}"
install_test_modules
export KIGEN_TEST_STRICT=1 # a missing tool is a failure here, not a skip
failed_builds=0

# build DIR COMPILER MESON-OPTION...: sets up DIR unless it is there, and compiles.
build() {
  local folder=$1 compiler=$2
  shift 2
  say "== $folder: build with $compiler $*"
  if [ ! -f "$folder/build.ninja" ]; then
    rm -rf "$folder"
    mkdir "$folder"
    CC=$compiler meson setup "$folder" -Dwerror=true "$@" >"$folder/build.log" 2>&1 || {
      tail -n 30 "$folder/build.log" >&2
      return 1
    }
  fi
  ninja -C "$folder" >"$folder/build.log" 2>&1 || {
    grep -E -A5 'FAILED|error|ERROR' "$folder/build.log" | head -n 80 >&2
    return 1
  }
}

# run DIR MESON-TEST-OPTION...: runs tests of a build.
run() {
  local folder=$1
  shift
  say "== $folder: test"
  rm -f "$folder/meson-logs/testlog.json"
  meson test -C "$folder" --no-rebuild --print-errorlogs "$@" >&2 || true # the log is counted below
}

failed() {
  failed_builds=$((failed_builds + 1))
}

if build build-test gcc; then run build-test; else failed; fi
build build-test-clang clang || failed
if build build-test-asan gcc -Db_sanitize=address,undefined; then
  run build-test-asan --no-suite house --no-suite e2e
else
  failed
fi

# One line for all: the tests of both runs; a build that failed counts as one failure.
exec /usr/bin/python3 - "$failed_builds" build-test build-test-asan <<'PYTHON'
import collections
import json
import pathlib
import sys

count = collections.Counter(failed=int(sys.argv[1]))
for folder in sys.argv[2:]:
    log = pathlib.Path(folder, 'meson-logs/testlog.json')
    results = [json.loads(line) for line in log.read_text(encoding='utf-8').splitlines()] if log.exists() else []
    if not results:
        count['failed'] += 1
        print(f'{folder}: no test ran')
    for test in results:
        kind = {'OK': 'passed', 'EXPECTEDFAIL': 'passed', 'SKIP': 'skipped'}.get(test['result'], 'failed')
        count[kind] += 1
        if kind != 'passed':
            print(f'{folder}: {test["name"]}: {kind} ({test["result"]})')
skipped = f', {count["skipped"]} skipped' if count['skipped'] else ''
print(f'{count["passed"]} passed, {count["failed"]} failed{skipped}')
sys.exit(1 if count['failed'] else 0)
PYTHON
