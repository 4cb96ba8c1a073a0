#!/usr/bin/env bash
# Builds everything, checks the formatting, runs all tests and closes with
# one line: N passed, N failed, N skipped.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet restore CarbonScaling.slnx
dotnet build CarbonScaling.slnx --configuration Release --no-restore
dotnet format CarbonScaling.slnx --verify-no-changes --no-restore

log=artifacts/test.log
status=0
dotnet test --solution CarbonScaling.slnx --configuration Release --no-build 2>&1 | tee "$log" || status=$?
eng/test-summary.sh "$log"
exit "$status"
