#!/usr/bin/env bash
# Times gputty beside what a user would type instead, and beside another build of it, on this machine, in turn. Prints medians and ratios.
# Then what a frame costs, and a look at a server's files.
# tests/benchmark.sh [--beside OTHER] [--runs N] [--rest SECONDS] [PROGRAM]
#   PROGRAM   what install.sh installs (default: it is published first); OTHER: an older one
# Needs lspci, lsmod, fuser and the SDK.
set -euo pipefail
program='' beside='' runs=15 rest=60
while [ $# -gt 0 ]; do
    case $1 in
        --beside) beside=$(realpath "$2") && shift ;;
        --runs) runs=$2 && shift ;;
        --rest) rest=$2 && shift ;;
        -*) echo "unknown option $1; see the top of $0" >&2; exit 1 ;;
        *) program=$(realpath "$1") ;;
    esac
    shift
done
cd "$(dirname "$0")/.."
for tool in lspci lsmod fuser; do
    command -v "$tool" >/dev/null || { echo "$tool is missing. Debian: apt install pciutils kmod psmisc" >&2; exit 1; }
done
if [ -z "$program" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    tests/lab/publish.sh "$work" >&2
    program=$work/gputty
fi
dotnet run -c Release --project tests/GpuTty.Tests -- figures "$program" "$beside" "$runs" "$rest"
