#!/bin/sh
# Installs gputty from the folder that this script lies in, or takes all of it away again. Needs nothing but a POSIX shell.
set -eu

usage() {
    cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--uninstall | --check]

  --prefix DIR   where to (default /usr/local); DESTDIR in the environment goes in front of it
  --uninstall    remove what was installed there; refused while a switch runs, or something of gputty's own relies on it
  --check        only tell whether that could be done now
TEXT
}

fail() {
    printf '!! %s\n   %s\n' "$1" "$2" >&2
    exit 1
}

prefix=/usr/local
act=install
while [ $# -gt 0 ]; do
    case $1 in
        --prefix)
            [ $# -gt 1 ] || fail "--prefix needs a directory." "For example: ./install.sh --prefix /usr"
            prefix=$2
            shift ;;
        --prefix=*) prefix=${1#*=} ;;
        --uninstall) act=uninstall ;;
        --check) act=check ;;
        -h | --help) usage; exit 0 ;;
        *) fail "Unknown option '$1'." "See: ./install.sh --help" ;;
    esac
    shift
done
case $prefix in
    /*) ;;
    *) fail "'$prefix' is not an absolute directory." "For example: --prefix /usr/local" ;;
esac

case ${DESTDIR:-/} in
    /*) ;;
    *) fail "DESTDIR is '$DESTDIR', which is not an absolute directory." "For example: DESTDIR=/tmp/image ./install.sh" ;;
esac

case $0 in
    */*) from=${0%/*} ;;
    *) from=. ;;
esac
root=${DESTDIR:-}${prefix%/}

# Everything that is installed: mode, file in this folder, place below the prefix. The uninstaller reads the same list.
files='0644 gputty.1 share/man/man1/gputty.1
0644 gputty.conf.example share/doc/gputty/gputty.conf.example
0644 gputty.bash share/bash-completion/completions/gputty
0644 _gputty share/zsh/site-functions/_gputty
0644 gputty.fish share/fish/vendor_completions.d/gputty.fish
0755 gputty bin/gputty'

# Not with test -w on the target itself: it need not exist yet.
writable() {
    directory=$1
    while [ -n "$directory" ] && [ ! -e "$directory" ]; do directory=${directory%/*}; done
    directory=${directory:-/}
    [ -d "$directory" ] || fail "$directory is not a directory." "Choose another place with --prefix."
    [ -w "$directory" ] || fail "$directory cannot be written to." "Run it with sudo, or choose another place with --prefix."
}

# True from the start of a unit until its last clean-up has ended.
runs() {
    case $(systemctl show --property=ActiveState --value -- "$1" 2>/dev/null || true) in
        active | activating | reloading | deactivating) return 0 ;;
    esac
    return 1
}

# Without systemd a worker is known by the lock that it holds.
holds_lock() {
    holder=$(sed -n 's/.*"pid":\([0-9][0-9]*\).*/\1/p' /run/gputty/lock 2>/dev/null || true)
    [ -n "$holder" ] && case $(readlink "/proc/$holder/exe" 2>/dev/null || true) in */gputty | */gputty\ *) return 0 ;; esac
    return 1
}

# A program for another system (DESTDIR) is nobody's here.
not_in_use() {
    [ -z "${DESTDIR:-}" ] || return 0
    if runs gputty-switch.service || holds_lock; then
        fail "A switch is running, and it needs the program until it ends." "Wait for it: gputty follow"
    fi
    [ "$act" != uninstall ] || ! runs gputty-home.service ||
        fail "gputty waits for a virtual machine to end, to return the only card to the host." \
            "End the virtual machine, or return the card first: gputty switch host"
}

# What the program has set up and nobody else takes away: all of it is told at once, each with the command that does.
in_the_way() { # what, what to do first
    printf '!! %s\n   %s\n' "$1" "$2" >&2
    left=yes
}

# Cards that a note about a virtual machine's start names.
given() { # note
    sed -n 's/.*"cards":\[\([^]]*\)\].*/\1/p' "$1" 2>/dev/null | tr -d '"' | tr ',' ' '
}

# Cards whose way back is remembered: the first function of each.
remembered() {
    tr ',{' '[\n*]' </run/gputty/home.json | sed -n 's/^"address":"\([0-9a-f:]*\)\..*/\1.0/p' | sort -u
}

# Those of the cards that are still with vfio-pci; a note alone may be an old one.
away() { # card...
    for card in "$@"; do
        for function in "/sys/bus/pci/devices/${card%.*}".*; do
            case $(readlink "$function/driver" 2>/dev/null || true) in */vfio-pci) echo "$card"; break ;; esac
        done
    done
}

# Without the program nothing of this can be undone; the next start of the machine would run what is no longer there.
nothing_left() {
    [ -z "${DESTDIR:-}" ] || return 0
    # Where there is no program any more nobody has to keep it.
    [ -e "$root/bin/gputty" ] || [ -L "$root/bin/gputty" ] || return 0
    left=
    told=
    for note in /run/gputty/hook/*.json; do
        # shellcheck disable=SC2046 # one word for each card
        for card in $(away $(given "$note")); do
            in_the_way "The card ${card%.*} was given to a virtual machine, whose end has to return it." \
                "Undo it first: gputty switch host --card $card"
            told="$told ${card%.*}"
        done
    done
    if [ -r /run/gputty/home.json ]; then
        # shellcheck disable=SC2046
        for card in $(away $(remembered)); do
            case "$told " in *" ${card%.*} "*) continue ;; esac
            in_the_way "The card ${card%.*} was given away, and only gputty knows what it was before." \
                "Undo it first: gputty switch host --card $card"
        done
    fi
    boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null || true)
    for journal in /var/lib/gputty/journal /var/lib/gputty/unfinished.*; do
        head -n 1 "$journal" 2>/dev/null | grep -q "\"bootId\":\"${boot:-unknown}\"" || continue
        ! grep -q '"event":"dismissed"' "$journal" || continue
        # One that ended halfway is as unfinished as one that was killed.
        case $(grep '"event":"closed"' "$journal" | tail -n 1) in
            '' | *'"outcome":"LeftHalfway"'*) ;;
            *) continue ;;
        esac
        in_the_way "A switch of this boot was interrupted." "Undo it first: gputty undo (or leave it as it is: gputty dismiss)"
        break
    done
    # One that returns a card right now.
    returning=$(systemctl list-units --no-legend --plain --state=activating,active,deactivating \
        'gputty-return-*.service' 2>/dev/null || true)
    if [ -n "$returning" ]; then
        in_the_way "gputty waits to return a card to the host." "End the virtual machine, and wait for that: gputty status"
    fi
    for file in /etc/systemd/system/gputty-boot.service /etc/udev/rules.d/04-gputty-boot-*.rules; do
        [ -e "$file" ] || continue
        in_the_way "Cards are given away when the machine starts ($file)." "Undo it first: gputty boot host"
        break
    done
    for file in /etc/udev/rules.d/72-gputty-*.rules; do
        [ -e "$file" ] || continue
        # 0000-01-00.0 in the file's name
        card=$(echo "${file%.rules}" | sed 's/^.*72-gputty-\(.*\)-\(.*\)-\(.*\)$/\1:\2:\3/')
        case $(cat "/sys/bus/pci/devices/$card/class" 2>/dev/null || true) in
            0x03*)
                in_the_way "The desktop is kept off the card ${card%.*} permanently ($file)." \
                    "Undo it first: gputty keep-off off --card $card" ;;
            *)
                in_the_way "A card that is gone from ${card%.*} is kept off the desktop permanently." "Remove the rule first: rm $file" ;;
        esac
    done
    for file in /etc/environment.d/50-gputty.conf /etc/systemd/user/*.d/50-gputty.conf; do
        [ -e "$file" ] || continue
        in_the_way "The desktop's drivers are pinned permanently ($file)." "Undo it first: gputty pin off"
        break
    done
    # NixOS has libvirt's configuration below /var/lib.
    for file in /etc/libvirt/hooks/qemu.d/50-gputty /var/lib/libvirt/hooks/qemu.d/50-gputty; do
        grep -q '^# Installed by: gputty hook install' "$file" 2>/dev/null || continue
        in_the_way "libvirt gives cards to virtual machines with it ($file)." "Undo it first: gputty hook remove"
        break
    done
    [ -z "$left" ] || exit 1
}

# The new file takes the name in one step: at every moment there is a whole program, the old one or the new one.
put() { # mode, file, target
    [ ! -d "$3" ] || fail "$3 is a directory." "Move it away, or choose another place with --prefix."
    mkdir -p -- "${3%/*}"
    new=${3%/*}/.gputty.$$
    # Does not write through a link, nor into a file that is there.
    (umask 077 && set -C && cat "$2" >"$new") || fail "$new cannot be written." "Look whether the disk is full, and at the line above."
    chmod "$1" "$new"
    if [ "$(id -u)" -eq 0 ]; then chown 0:0 "$new"; fi
    # Its name is on the disk soon; its content has to be before. Older tools sync all there is.
    sync "$new" 2>/dev/null || sync 2>/dev/null || true
    mv -f -- "$new" "$3"
    new=
    echo "installed $3"
}

not_in_use
if [ "$act" = uninstall ]; then
    nothing_left
    while read -r _ _ place; do
        file=$root/$place
        [ -e "$file" ] || [ -L "$file" ] || continue
        writable "${file%/*}"
        rm -- "$file"
        echo "removed $file"
    done <<LIST
$files
LIST
    exit 0
fi

writable "$root/bin"
[ "$act" = install ] || exit 0
if [ -z "${DESTDIR:-}" ]; then
    said=$("$from/gputty" --version 2>&1) || fail "The program does not run on this machine: $said" \
        "Build it here instead, with install.sh of the source."
fi

umask 022
new=
trap '[ -z "$new" ] || rm -f -- "$new"' EXIT
trap 'exit 1' HUP INT TERM
while read -r mode file place; do put "$mode" "$from/$file" "$root/$place"; done <<LIST
$files
LIST
[ -z "${DESTDIR:-}" ] || exit 0
echo "$said is ready. Try it without risk: gputty demo"
# Some distributions let sudo look for programs in /usr only; sudo tells where to root alone.
looks_in=$(LC_ALL=C sudo -V 2>/dev/null | sed -n "s/^Value to override user's .PATH with: //p" || true)
case :$looks_in: in
    :: | *":$root/bin:"*) ;;
    *) echo "sudo does not look in $root/bin. To start it as root: sudo $root/bin/gputty" ;;
esac
