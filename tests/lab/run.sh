#!/usr/bin/env bash
# Builds the guests' images where there are none, publishes the program unless GPUTTY_LAB_PROGRAM names one, and runs the lab's tests.
# Arguments go to `dotnet test`: tests/lab/run.sh --filter LabTests. Without a filter: the short form, on Debian 12 and 13.
# GPUTTY_LAB_FULL=1: everything that was seen to pass, which takes hours. `run.sh unstable`: what is played on Debian's unstable suite.
set -euo pipefail
cd "$(dirname "$0")"

program=$PWD/artifacts/program
./build-image.sh bookworm xorg >/dev/null
case "${1:-} $*" in
unstable\ *)
    shift
    ./build-image.sh sid plasma >/dev/null
    filter='Lab=unstable'
    [[ ${GPUTTY_LAB_FULL:-0} == 1 ]] || filter+='&Lab!=full'
    set -- --filter "$filter" "$@"
    ;;
*" --filter "*) ;;
*)
    ./build-image.sh trixie gnome >/dev/null
    filter='Lab!=draft&Lab!=unstable'
    [[ ${GPUTTY_LAB_FULL:-0} == 1 ]] || filter+='&Lab!=full'
    set -- --filter "$filter" "$@"
    ;;
esac
if [[ -z ${GPUTTY_LAB_PROGRAM:-} ]]; then
    ./publish.sh "$program" >/dev/null
    export GPUTTY_LAB_PROGRAM=$program/gputty
fi
export GPUTTY_LAB=1
exec dotnet test GpuTty.Lab.csproj "$@"
