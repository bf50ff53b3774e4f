#!/usr/bin/env bash
# Takes the pictures in screenshots/ anew, from the program on a real text console of a virtual machine.
set -euo pipefail
cd "$(dirname "$0")"
GPUTTY_LAB_SCREENSHOTS=$(realpath -m ../../screenshots) exec ./run.sh --filter FullyQualifiedName~Screenshots "$@"
