#!/usr/bin/env bash
# Builds the guest's image if there is none, publishes the program, and runs the lab's tests.
# Arguments go to `dotnet test`: tests/lab/run.sh --filter LabTests
set -euo pipefail
cd "$(dirname "$0")"

./build-image.sh >/dev/null
program=$PWD/artifacts/program
./publish.sh "$program" >/dev/null
export GPUTTY_LAB=1 GPUTTY_LAB_PROGRAM=$program/gputty
exec dotnet test GpuTty.Lab.csproj "$@"
