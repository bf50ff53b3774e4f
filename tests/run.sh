#!/usr/bin/env bash
# Builds with warnings as errors and runs every check and every test. Ends with one line: N passed, N failed, N skipped.
# As root on Debian it installs what it needs first. GPUTTY_LAB=0 leaves out the virtual machine (not where CI is set).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=$PWD/TestResults
rm -rf "$results"
mkdir -p "$results"
# Tests add to it what they have put the program through.
export GPUTTY_COUNTS=$results/counts.txt
# One line for each scenario of the lab: suite, desktop, systemd, kernel, and whether it passed.
export GPUTTY_GUESTS=$results/guests.txt
unproved=()
passed=0 failed=0 skipped=0

# One thing that holds or does not: name, command. What it says is shown only when it does not.
check() {
    local name=$1 log="$results/$1.log" began=$SECONDS
    shift
    if "$@" >"$log" 2>&1 </dev/null; then
        passed=$((passed + 1))
        echo "ok  $name ($((SECONDS - began)) s)"
    else
        failed=$((failed + 1))
        tail -n 60 "$log"
        echo "!!  $name ($((SECONDS - began)) s); all of it: $log"
        return 1
    fi
}

# A set of tests, counted from its result file: name, command that takes the options of dotnet test.
suite() {
    local name=$1 log="$results/$1.log" trx="$results/$1.trx" began=$SECONDS status=0 counts total good bad
    shift
    "$@" --logger "trx;LogFileName=$trx" >"$log" 2>&1 </dev/null || status=$?
    counts=$(grep -o '<Counters [^>]*' "$trx" 2>/dev/null | tail -n 1)
    total=$(count "$counts" total) good=$(count "$counts" passed) bad=$(count "$counts" failed)
    # A host that died, or no test at all, is a failure that no counter shows.
    if [ "$total" -eq 0 ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then bad=$((bad + 1)) total=$((total + 1)); fi
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - good - bad))
    if [ "$bad" -gt 0 ]; then
        grep -vE '^\s*$' "$log" | tail -n 120
        echo "!!  $name: $bad of $total failed ($((SECONDS - began)) s); all of it: $log"
    else
        echo "ok  $name: $good passed, $((total - good)) skipped ($((SECONDS - began)) s)"
    fi
}

# The same for what moves by itself, Debian's unstable suite: what is wrong there is said loudly, and the others decide.
advice() {
    local before=$failed name=$1
    suite "$@"
    [ "$failed" -eq "$before" ] && return
    unproved+=("$name: $((failed - before)) failed; all of it: $results/$name.log")
    failed=$before
}

count() { # counters, which one
    local value
    value=$(sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p" <<<"$1")
    echo "${value:-0}"
}

install_tools() {
    local missing=() package wanted=(gcc libc6-dev zlib1g-dev mmdebstrap tmux screen sudo pciutils kmod kbd psmisc lsof procps
        shellcheck groff-base dbus-daemon)
    # Elsewhere it could take another service manager's place.
    [ -z "${CI:-}" ] || wanted+=(systemd)
    for package in "${wanted[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# The guests of the lab's short form are fetched and unpacked on the processor that a build leaves idle.
plays_lab() { [ -n "${CI:-}" ] || [ "${GPUTTY_LAB:-1}" != 0 ]; }
images() { tests/lab/build-image.sh bookworm xorg && tests/lab/build-image.sh trixie gnome; }

scripts() { git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck; }

# The README says no more than was counted: each row of its table begins with the words of a count.
counts() {
    local what number counted bad=0
    while IFS=$'\t' read -r what number; do
        counted=$(awk -F '\t' -v what="$what" '$2 == what { sum += $1 } END { print sum + 0 }' "$GPUTTY_COUNTS")
        if [ "$counted" -lt "$number" ]; then
            echo "README.md says $number $what, and $counted were counted."
            bad=1
        fi
    done < <(sed -n '/^What was tried/,/^Nothing was lost/s/^| \([^:|]*[^:| ]\)\(:[^|]*\)\? | \([0-9,]*\) |$/\1\t\3/p' README.md | tr -d ,)
    return "$bad"
}

# Any line that groff has to say about the page is a mistake in it.
manual() {
    local said
    said=$(groff -man -ww -z src/GpuTty/man/gputty.1 2>&1)
    [ -z "$said" ] || { echo "$said"; return 1; }
}

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then check tools install_tools; fi
if [ -d ../shared/data ]; then export GPUTTY_CAPTURES="${GPUTTY_CAPTURES:-$PWD/../shared/data}"; fi

building=
if plays_lab; then
    images >"$results/images.log" 2>&1 </dev/null &
    building=$!
fi
check scripts scripts
check manual manual
# Without a build there is nothing to test; say so once.
if check build dotnet build GpuTty.sln --nologo -warnaserror -warnnotaserror:NU1603; then
    # Style and analyzers are the build's own, as errors; what is left is where the blanks are.
    check format dotnet format whitespace . --folder --verify-no-changes
    # Nothing runs beside the tests. Why an image cannot be built, the lab's own try says.
    [ -z "$building" ] || wait "$building"
    # Simulated machines are made and thrown away by the hundred thousand: with the runtime's small
    # nursery a third of the time goes into collecting them. Code that runs for minutes is not worth measuring first.
    suite tests env DOTNET_GCgen0size=0x4000000 DOTNET_TieredPGO=0 dotnet test tests/GpuTty.Tests --no-build --nologo
    # Compiled once: what is installed here is packed too, installed from there, and played by the lab.
    check install tests/install-test.sh "$results/packed"
    if [ "$(id -u)" -eq 0 ]; then
        tarball=$(echo "$results"/packed/gputty-*.tar.gz)
        if check pack tests/pack-test.sh "$tarball"; then
            tar -C "$results/packed" -xzf "$tarball" --strip-components=1
            export GPUTTY_LAB_PROGRAM=$results/packed/gputty
        fi
    else
        echo "--  pack: left out (it needs root)"
    fi
    # Some of what is counted needs root, and the packed program is started in odd surroundings too.
    if [ "$(id -u)" -eq 0 ]; then check counts counts; fi
    if plays_lab; then
        suite lab tests/lab/run.sh
        if [ "${GPUTTY_LAB_FULL:-0}" = 1 ]; then advice unstable tests/lab/run.sh unstable; fi
    else
        echo "--  lab: left out (GPUTTY_LAB=0)"
    fi
fi

if [ -s "$GPUTTY_COUNTS" ]; then
    echo "What was tried, by the tests' own count:"
    awk -F '\t' '{ sum[$2] += $1 } END { for (what in sum) printf "%9d  %s\n", sum[what], what }' "$GPUTTY_COUNTS" | sort -k 2
fi
if [ -s "$GPUTTY_GUESTS" ]; then
    echo "What the lab's scenarios were played on:"
    awk -F '\t' '{ guest = sprintf("%-10s %-24s %-15s %-22s", $1, $2, $3, $4); all[guest]++; good[guest] += $5 }
        END { for (guest in all) printf "  %s %d of %d passed\n", guest, good[guest], all[guest] }' "$GPUTTY_GUESTS" | sort
fi
for line in "${unproved[@]}"; do
    echo "!!  NOT PROVED on what comes next, which decides nothing here. $line"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
