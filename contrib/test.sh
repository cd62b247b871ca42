#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."
meson setup build-test >/dev/null
meson test -C build-test --print-errorlogs
