#!/usr/bin/env bash
# Times the program beside what a user would type instead, as whole processes, in turn, on this machine. Prints medians and ratios.
# Then what the screen costs: a frame, a key, a minute of rest, memory.
# tests/benchmark.sh PROGRAM [RUNS]   (PROGRAM: what install.sh installs; needs lspci, expect and the SDK)
set -euo pipefail
program=${1:?which gputty?} runs=${2:-15}

# The wiki's loop over the IOMMU groups; on a machine without groups, over the devices, which costs the same a line.
groups() {
    local device found=no
    for device in /sys/kernel/iommu_groups/*/devices/*; do
        [ -e "$device" ] && found=yes && lspci -nns "${device##*/}"
    done
    [ "$found" = yes ] || for device in /sys/bus/pci/devices/*; do lspci -nns "${device##*/}"; done
}

first_frame() {
    expect -c "log_user 0; set timeout 60; set stty_init {rows 30 columns 100}; set env(TERM) xterm
        spawn -noecho $program; expect {looked at the machine}; exec kill -TERM [exp_pid]; expect eof; wait" >/dev/null
}

list_devices() { lspci -nnk; }
show_status() { "$program" status; }

# Milliseconds of one run of a function.
time_once() {
    local began=$EPOCHREALTIME
    "$1" >/dev/null 2>&1 || true
    local ended=$EPOCHREALTIME
    echo $(((${ended/./} - ${began/./}) / 100))
}

declare -A times=()
for ((run = 0; run <= runs; run++)); do
    for what in show_status list_devices groups first_frame; do
        took=$(time_once "$what")
        # The first round fills caches.
        [ "$run" -eq 0 ] || times[$what]+="$took "
    done
done

median() { tr ' ' '\n' <<<"${times[$1]}" | sed '/^$/d' | sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }
show() { printf '%-34s %6.1f ms\n' "$1" "$(awk "BEGIN { print $2 / 10 }")"; }

status=$(median show_status) lspci=$(median list_devices) loop=$(median groups) frame=$(median first_frame)
echo "median of $runs runs, $(find /sys/bus/pci/devices/ -mindepth 1 | wc -l) PCI functions"
show "gputty status" "$status"
show "lspci -nnk" "$lspci"
show "the wiki's loop over groups" "$loop"
show "gputty, start to first full frame" "$frame"
awk "BEGIN { printf \"status / lspci %.2f   status / loop %.2f\n\", $status / $lspci, $status / $loop }"
echo
dotnet run -c Release --project "$(dirname "$0")/GpuTty.Tests" -- figures "$(realpath "$program")"
