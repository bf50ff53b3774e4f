#!/usr/bin/env bash
# Builds the guest's image if there is none, publishes the program, and runs the lab's tests.
# Arguments go to `dotnet test`: tests/lab/run.sh --filter LabTests. Without a filter: the short form, in CI with GNOME, which needs an
# image of its own. GPUTTY_LAB_FULL=1: everything there is, which takes hours.
set -euo pipefail
cd "$(dirname "$0")"

./build-image.sh >/dev/null
program=$PWD/artifacts/program
./publish.sh "$program" >/dev/null
export GPUTTY_LAB=1 GPUTTY_LAB_PROGRAM=$program/gputty
if [[ ${GPUTTY_LAB_FULL:-0} != 1 && " $* " != *" --filter "* ]]; then
    filter='Lab!=full'
    [[ ${CI:-} ]] || filter+='&Lab!=gnome'
    set -- --filter "$filter" "$@"
fi
exec dotnet test GpuTty.Lab.csproj "$@"
