#!/usr/bin/env bash
# The tarball of install.sh --pack: installed, used and taken away in a bare Debian without SDK and compiler, on a machine of plain files.
# tests/pack-test.sh [TARBALL]   (default: it is packed first). Needs root, mmdebstrap and tmux.
# Cache: ${GPUTTY_LAB_CACHE:-/var/cache/gputty-lab}/bare-SUITE.tar
set -euo pipefail
tarball=${1:+$(realpath -m "$1")}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
bare=$work/bare
tmux() { command tmux -L "gputty-pack-$$" -f /dev/null "$@"; }
trap 'tmux kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

expect() { # what must hold, command...
    local what=$1
    shift
    "$@" || { echo "does not hold: $what"; exit 1; }
}

refused() { # what it must say, command...
    local words=$1
    shift
    if "$@" >"$work/said" 2>&1; then echo "was not refused: $*"; exit 1; fi
    grep -q -- "$words" "$work/said" || { echo "was refused without saying '$words': $*"; cat "$work/said"; exit 1; }
}

until_there() { # what, command...; the machine may be busy
    local what=$1 began=$SECONDS
    shift
    until "$@"; do
        [ $((SECONDS - began)) -lt 120 ] || { echo "did not come: $what"; tmux capture-pane -p 2>/dev/null || true; exit 1; }
        sleep 0.1
    done
}

# A Debian of the host's own release and package sources, with nothing but what every Debian has.
make_bare() {
    local suite cache image
    # shellcheck source=/dev/null
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    cache=${GPUTTY_LAB_CACHE:-/var/cache/gputty-lab}
    image=$cache/bare-$suite.tar
    if [ ! -e "$image" ]; then
        mkdir -p "$cache"
        shopt -s nullglob
        local sources=(/etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list)
        [ ! -s /etc/apt/sources.list ] || sources+=(/etc/apt/sources.list)
        apt-config dump | grep -E '^Acquire::(https?|Retries|Check)' >"$work/apt.conf" || true
        DEBIAN_FRONTEND=noninteractive mmdebstrap --mode=root --variant=minbase --aptopt="$work/apt.conf" \
            "$suite" "$work/bare.tar" "${sources[@]}" >"$work/log" 2>&1 || { tail -n 25 "$work/log"; exit 1; }
        mv "$work/bare.tar" "$image"
    fi
    mkdir "$bare"
    tar -C "$bare" -xf "$image" --exclude='./dev/*'
}

# The machine that the program sees there: one card, whose override names a driver that is not bound.
make_machine() {
    local card=$bare/sys/bus/pci/devices/0000:01:00.0
    mkdir -p "$card" "$bare/sys/bus/pci/drivers" "$bare/sys/module" "$bare/sys/class" "$bare/sys/kernel/iommu_groups"
    echo 0x030000 >"$card/class"
    echo 0x10de >"$card/vendor"
    echo 0x2684 >"$card/device"
    head -c 64 /dev/zero >"$card/config"
    echo nouveau >"$card/driver_override"
}

cat >"$work/enter" <<'SH'
set -eu
mount --make-rprivate /
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
exec chroot "$1" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 sh -c "$2"
SH
enter=(unshare --mount --pid --fork --kill-child sh "$work/enter" "$bare")
inside() { "${enter[@]}" "$1" </dev/null; }

if [ -z "$tarball" ]; then
    (umask 077 && ./install.sh --pack "$work/packed")
    tarball=$(echo "$work"/packed/gputty-*-linux-*.tar.gz)
fi
expect "there is a tarball" test -e "$tarball"
expect "everybody may read the tarball" test "$(stat -c %a "$tarball")" = 644
name=$(basename "$tarball" .tar.gz)
listed=$(tar --numeric-owner -tvzf "$tarball" | awk '{ print $1, $2, $6 }' | sort -k 3)
expect "the tarball holds nine files of root's in one folder" test "$listed" = "$(
    LC_ALL=C sort -k 3 <<LIST
drwxr-xr-x 0/0 $name/
-rw-r--r-- 0/0 $name/LICENSE
-rw-r--r-- 0/0 $name/THIRD-PARTY-NOTICES
-rw-r--r-- 0/0 $name/_gputty
-rwxr-xr-x 0/0 $name/gputty
-rw-r--r-- 0/0 $name/gputty.1
-rw-r--r-- 0/0 $name/gputty.bash
-rw-r--r-- 0/0 $name/gputty.conf.example
-rw-r--r-- 0/0 $name/gputty.fish
-rwxr-xr-x 0/0 $name/install.sh
LIST
)"

make_bare
make_machine
expect "there is no SDK and no compiler" \
    inside '! command -v dotnet && ! command -v cc && ! command -v gcc && ! command -v clang' >/dev/null
cp "$tarball" "$bare/root/"
inside "cd /root && tar -xzf $name.tar.gz"
inside 'find /usr/local ! -type d' >"$work/before"

# Installed, whatever the umask and whatever bears the name.
echo victim >"$bare/etc/victim"
ln -s /etc/victim "$bare/usr/local/bin/gputty"
inside "umask 077; /root/$name/install.sh"
expect "the link's target was left alone" test "$(cat "$bare/etc/victim")" = victim
closed=$(find "$bare/usr/local" -name '*gputty*' \( -type l -o ! -perm -444 -o ! -user 0 -o ! -group 0 \))
expect "every user can use what was installed" test -z "$closed"
expect "everybody may look into the new folders" test -z "$(find "$bare/usr/local" -type d ! -perm -555)"
# shellcheck disable=SC2016 # what sudo itself prints
printf '#!/bin/sh\necho "Value to override user'"'"'s \$PATH with: /usr/local/bin:/usr/bin"\n' >"$bare/usr/bin/sudo"
chmod 755 "$bare/usr/bin/sudo"
inside "umask 000; /root/$name/install.sh" >"$work/said"
expect "where sudo looks for it nothing is told" test "$(grep -c 'sudo does not' "$work/said")" = 0
rm "$bare/usr/bin/sudo"
expect "nobody else may change what was installed" test -z "$(find "$bare/usr/local" -name '*gputty*' -perm /022)"
expect "six files were installed" test "$(find "$bare/usr/local" ! -type d | wc -l)" -eq $(($(wc -l <"$work/before") + 6))

# Used.
expect "it tells its version" test "$(inside 'gputty --version')" = "gputty $(cut -d- -f2 <<<"$name")"
expect "it needs no environment" inside 'cd / && env -i /usr/local/bin/gputty --version' >/dev/null
inside 'gputty status' >"$work/status"
expect "status tells of the card" grep -q '01:00' "$work/status"
inside 'gputty devices --json' >"$work/devices"
expect "devices can be read by programs" grep -q '"driver_override": "nouveau"' "$work/devices"

mkdir "$bare/tmp/its"
tmux new-session -d -x 100 -y 30 "${enter[*]@Q} 'mkfifo /tmp/keep; TMPDIR=/tmp/its gputty demo; echo left with \$?; cat /tmp/keep'"
shows() { tmux capture-pane -p | grep -q -- "$1"; }
until_there "the first frame of the demo" shows '01:00.0'
expect "nobody can attach to it: no diagnostics port" test -z "$(ls -A "$bare/tmp/its")"
tmux send-keys '?'
until_there "its help" shows 'Help: Overview'
tmux send-keys Escape
hides() { ! shows "$1"; }
until_there "the end of its help" hides 'Help: Overview'
tmux send-keys q
until_there "the end of the demo" shows 'left with 0'
tmux kill-server

# The worker: without a request there is nothing to do, and with one the program starts itself, and its watched writes, from where it lies.
expect "the worker and what clears up after it start" \
    inside '/usr/local/bin/gputty recover && { /usr/local/bin/gputty worker; test $? -eq 2; }'
switch='gputty clear-override 0000:01:00.0 --yes'
inside "$switch"
expect "the write has happened" test -z "$(tr -d '\n' <"$bare/sys/bus/pci/devices/0000:01:00.0/driver_override")"
expect "it is told how it ended" inside 'gputty follow'

# The same as a unit. What stands in for systemd-run does what it does with the words that count: ExecStart, Environment, ExecStopPost.
mkdir -p "$bare/run/systemd/system"
cat >"$bare/usr/bin/systemd-run" <<'SH'
#!/bin/sh
environment='' after=''
while [ "$1" != -- ]; do
    case $1 in
        --setenv=*) environment="$environment ${1#--setenv=}" ;;
        --property=ExecStopPost=-*) after=${1#--property=ExecStopPost=-} ;;
    esac
    shift
done
shift
echo "$environment $*" >/unit
[ -x "$1" ] || exit 203
setsid sh -c "env -i $environment $* </dev/null >/dev/null 2>&1
        env -i $environment EXIT_CODE=killed $after </dev/null >/unit.after 2>&1; echo \$? >>/unit.after" &
SH
chmod 755 "$bare/usr/bin/systemd-run"
echo nouveau >"$bare/sys/bus/pci/devices/0000:01:00.0/driver_override"
inside "$switch; until [ -s /unit.after ]; do sleep 0.1; done"
expect "the unit has the installed program and nothing of .NET's" \
    grep -qxE ' LC_ALL=C\.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin /usr/local/bin/gputty worker request-[0-9a-f]{32}' "$bare/unit"
expect "what runs after the unit ran too" test "$(cat "$bare/unit.after")" = 0
expect "the write has happened again" test -z "$(tr -d '\n' <"$bare/sys/bus/pci/devices/0000:01:00.0/driver_override")"
rm -r "$bare/run/systemd" "$bare/usr/bin/systemd-run"

# Brought up to date while it is used: at every moment there is a whole program.
inside "while ! [ -e /enough ]; do gputty --version >/dev/null 2>>/broken || echo broken >>/broken; done &
    for round in 1 2 3 4 5; do /root/$name/install.sh >/dev/null || echo install >>/broken; done; touch /enough; wait"
expect "the program was there all the time" test ! -s "$bare/broken"

# A power cut leaves no empty program under the name of a whole one.
mkdir "$bare/root/tools"
# shellcheck disable=SC2016 # that script's own
printf '#!/bin/sh\necho "$1" >>/synced\n' >"$bare/root/tools/sync"
chmod 755 "$bare/root/tools/sync"
inside "PATH=/root/tools:\$PATH /root/$name/install.sh" >/dev/null
expect "each file is on the disk before it has its name" test "$(grep -c '/\.gputty\.[0-9]*$' "$bare/synced")" = 6

# What cannot be done is said, and changes nothing.
installed() { (cd "$bare/usr/local" && find . -type f -exec sha256sum {} + | sort); }
installed >"$work/installed"
cp -r "$bare/root/$name" "$bare/root/other"
echo 'from another world' >"$bare/root/other/gputty"
refused "does not run on this machine" inside /root/other/install.sh
refused "A switch is running" inside "sleep 1000 | gputty demo --plain >/dev/null & mkdir -p /run/gputty
        echo '{\"schema\":1,\"pid\":'\$!'}' >/run/gputty/lock; /root/$name/install.sh"
refused "A switch is running" inside "sleep 1000 | gputty demo --plain >/dev/null &
        echo '{\"schema\":1,\"pid\":'\$!'}' >/run/gputty/lock; /root/$name/install.sh --uninstall"
rm "$bare/run/gputty/lock"
expect "nothing was changed" test "$(installed)" = "$(cat "$work/installed")"

# While something of gputty's own relies on it, it stays: each with the command to run first, and an image of another system with none.
card=$bare/sys/bus/pci/devices/0000:01:00.0
mkdir -p "$bare/etc/udev/rules.d" "$bare/etc/systemd/system" "$bare/etc/systemd/user/kwin.service.d" "$bare/etc/environment.d" \
    "$bare/etc/libvirt/hooks/qemu.d" "$bare/run/gputty/hook"
relies() { # file below the root, what it says, the command to run first
    printf '%s\n' "$2" >"$bare/$1"
    refused "^   $3\$" inside "/root/$name/install.sh --uninstall"
    expect "nothing was changed" test "$(installed)" = "$(cat "$work/installed")"
    rm "$bare/$1"
}
relies etc/systemd/system/gputty-boot.service '[Unit]' 'Undo it first: gputty boot host'
relies etc/udev/rules.d/04-gputty-boot-0000-01-00.0.rules '# Written by gputty' 'Undo it first: gputty boot host'
relies etc/udev/rules.d/72-gputty-0000-01-00.0.rules '# Written by gputty' 'Undo it first: gputty keep-off off --card 0000:01:00.0'
relies etc/udev/rules.d/72-gputty-0000-09-00.0.rules '# Written by gputty' \
    'Remove the rule first: rm /etc/udev/rules.d/72-gputty-0000-09-00.0.rules'
# Another device is where the card was, which no command takes for a card.
mkdir "$bare/sys/bus/pci/devices/0000:00:1f.0"
echo 0x060100 >"$bare/sys/bus/pci/devices/0000:00:1f.0/class"
relies etc/udev/rules.d/72-gputty-0000-00-1f.0.rules '# Written by gputty' \
    'Remove the rule first: rm /etc/udev/rules.d/72-gputty-0000-00-1f.0.rules'
rm -r "$bare/sys/bus/pci/devices/0000:00:1f.0"
relies etc/environment.d/50-gputty.conf '# Written by gputty' 'Undo it first: gputty pin off'
relies etc/systemd/user/kwin.service.d/50-gputty.conf '# Written by gputty' 'Undo it first: gputty pin off'
inside 'gputty hook install --dry-run' | sed -n 's/^    //p' >"$work/hook"
expect "there is a hook" test -s "$work/hook"
relies etc/libvirt/hooks/qemu.d/50-gputty "$(cat "$work/hook")" 'Undo it first: gputty hook remove'
note='{"schema":1,"bootId":"b","guest":"win11","uuid":"u","cards":["0000:00:02.0","0000:01:00.0"],"token":"t","at":"2026-01-01"}'
# A note about a card that is back is an old one, and a hook of somebody else's is his.
printf '%s' "$note" >"$bare/run/gputty/hook/u.json"
echo '#!/bin/sh' >"$bare/etc/libvirt/hooks/qemu.d/50-gputty"
inside "cp -r /usr/local /usr/copy && /root/$name/install.sh --prefix /usr/copy --uninstall"
expect "what is nobody's is in nobody's way" test ! -e "$bare/usr/copy/bin/gputty"
rm -r "$bare/usr/copy"
ln -s ../../../bus/pci/drivers/vfio-pci "$card/driver"
relies run/gputty/hook/u.json "$note" 'Undo it first: gputty switch host --card 0000:01:00.0'
# Given away by hand: what the card was before is remembered, and a card that is back is in nobody's way.
home='{"schema":1,"devices":[{"address":"0000:01:00.0","id":{"vendor":4318,"device":9860},"driver":"nvidia"}],"modules":[]}'
relies run/gputty/home.json "$home" 'Undo it first: gputty switch host --card 0000:01:00.0'
rm "$card/driver"
printf '%s' "$home" >"$bare/run/gputty/home.json"
inside "cp -r /usr/local /usr/copy && /root/$name/install.sh --prefix /usr/copy --uninstall" >/dev/null
expect "a card that is back is in nobody's way" test ! -e "$bare/usr/copy/bin/gputty"
rm -r "$bare/usr/copy" "$bare/run/gputty/home.json"
# Interrupted in this boot, and nobody has undone it, resumed it or left it as it is; one of another boot is history.
opened="{\"event\":\"opened\",\"schema\":1,\"bootId\":\"$(inside 'cat /proc/sys/kernel/random/boot_id')\"}"
halfway="$opened
{\"event\":\"closed\",\"outcome\":\"LeftHalfway\"}"
for left in "$opened" "$halfway"; do
    relies var/lib/gputty/unfinished.1 "$left" 'Undo it first: gputty undo (or leave it as it is: gputty dismiss)'
done
for over in "$opened
{\"event\":\"closed\",\"outcome\":\"Switched\"}" "$halfway
{\"event\":\"dismissed\"}" "$halfway
{\"event\":\"closed\",\"outcome\":\"TakenBack\"}" '{"event":"opened","schema":1,"bootId":"of another boot"}'; do
    printf '%s\n' "$over" >"$bare/var/lib/gputty/unfinished.1"
    inside "cp -r /usr/local /usr/copy && /root/$name/install.sh --prefix /usr/copy --uninstall" >/dev/null
    expect "what is over is in nobody's way" test ! -e "$bare/usr/copy/bin/gputty"
    rm -r "$bare/usr/copy" "$bare/var/lib/gputty/unfinished.1"
done
# What stands in for systemctl knows one unit.
cat >"$bare/usr/bin/systemctl" <<'SH'
#!/bin/sh
[ "$1" != list-units ] || echo "gputty-return-abc.service loaded active running GpuTty"
SH
chmod 755 "$bare/usr/bin/systemctl"
refused 'End the virtual machine, and wait for that: gputty status$' inside "/root/$name/install.sh --uninstall"
rm "$bare/usr/bin/systemctl"
echo '# Written by gputty' >"$bare/etc/udev/rules.d/72-gputty-0000-01-00.0.rules"
echo '[Unit]' >"$bare/etc/systemd/system/gputty-boot.service"
refused 'gputty boot host$' inside "/root/$name/install.sh --uninstall"
expect "all of it is told at once" grep -q 'gputty keep-off off' "$work/said"
inside "mkdir /image && DESTDIR=/image /root/$name/install.sh && DESTDIR=/image /root/$name/install.sh --uninstall" >/dev/null
expect "another system's program is not asked about" test -z "$(find "$bare/image" -type f)"
rm "$bare/etc/udev/rules.d/72-gputty-0000-01-00.0.rules" "$bare/etc/systemd/system/gputty-boot.service"
expect "nothing was changed" test "$(installed)" = "$(cat "$work/installed")"

# And taken away.
inside "/root/$name/install.sh --uninstall"
expect "nothing is left" test "$(inside 'find /usr/local ! -type d')" = "$(cat "$work/before")"
expect "uninstalling twice is no error" inside "/root/$name/install.sh --uninstall"
echo "packed, installed, used and taken away in a bare Debian: as promised"
