#!/usr/bin/env bash
# PROGRAM started with closed streams: it ends by no signal and without a mistake, and no file gets what is said. Here the native program,
# whose runtime opens other files than that of the development build does; that one is in the unit tests.
set -euo pipefail
# shellcheck disable=SC2034 # the line that is evaluated
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

tried=0
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
    for command in status doctor holders 'plan vm' --version follow --nonsense 'report --output report'; do
        rm -f report
        status=0
        eval "\"\$program\" $command $closed" </dev/null >said 2>&1 || status=$?
        [ "$status" -le 6 ] || { echo "does not hold: '$command' ends in words with $closed (status $status)"; cat said; exit 1; }
        if [ -e report ] && [ "$(head -c 2 report | od -An -tx1)" != ' 1f 8b' ]; then
            echo "does not hold: a report holds nothing of what is said with $closed"
            exit 1
        fi
        tried=$((tried + 1))
    done
done
if [ -n "${GPUTTY_COUNTS:-}" ]; then printf '%d\tstarts in odd surroundings\n' "$tried" >>"$GPUTTY_COUNTS"; fi
echo "closed streams: $tried starts, each ended in words"
