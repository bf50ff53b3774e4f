#!/usr/bin/env bash
# Builds the guest's image if there is none, publishes the program, and runs the lab's tests.
# Arguments go to `dotnet test`: tests/lab/run.sh --filter LabTests. Without a filter: the short form, in CI with GNOME, which needs an
# image of its own. GPUTTY_LAB_FULL=1: everything that was seen to pass, which takes hours.
set -euo pipefail
cd "$(dirname "$0")"

./build-image.sh >/dev/null
program=$PWD/artifacts/program
./publish.sh "$program" >/dev/null
export GPUTTY_LAB=1 GPUTTY_LAB_PROGRAM=$program/gputty
if [[ " $* " != *" --filter "* ]]; then
    filter='Lab!=draft'
    [[ ${GPUTTY_LAB_FULL:-0} == 1 ]] || filter+='&Lab!=full'
    [[ ${GPUTTY_LAB_FULL:-0} == 1 || ${CI:-} ]] || filter+='&Lab!=gnome'
    set -- --filter "$filter" "$@"
fi
exec dotnet test GpuTty.Lab.csproj "$@"
