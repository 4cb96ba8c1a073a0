#!/usr/bin/env bash
# Adds up the summaries of Microsoft.Testing.Platform in a log, as one line.
# usage: eng/test-summary.sh LOG
set -euo pipefail

awk '
  /^ *succeeded: [0-9]+$/ { passed += $2 }
  /^ *failed: [0-9]+$/    { failed += $2 }
  /^ *skipped: [0-9]+$/   { skipped += $2 }
  END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }
' "$1"
