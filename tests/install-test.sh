#!/usr/bin/env bash
# install.sh, from an empty prefix to an empty prefix, and what it packs beside.
# tests/install-test.sh [DIR]   (where the tarball is left)
set -euo pipefail
packed=${1:+$(realpath -m "$1")}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
packed=${packed:-$work/packed}
trap 'rm -rf "$work"' EXIT
prefix="$work/pre fix"

expect() { # what must hold, command...
    local what=$1
    shift
    "$@" || { echo "does not hold: $what"; exit 1; }
}

refused() { # what it must say, command...
    local words=$1
    shift
    if "$@" >"$work/said" 2>&1; then echo "was not refused: $*"; exit 1; fi
    grep -q "$words" "$work/said" || { echo "was refused without saying '$words': $*"; exit 1; }
}

# Said before anything is built or touched.
refused "not an absolute" ./install.sh --prefix here
refused "Unknown option" ./install.sh --perfix /x
refused "DESTDIR is 'here'" env DESTDIR=here ./install.sh --prefix "$prefix"
refused "DESTDIR is 'here'" env DESTDIR=here ./install.sh --prefix "$prefix" --uninstall
refused "is not a directory" ./install.sh --prefix /etc/passwd/here
if [ "$(id -u)" -eq 0 ]; then
    expect "a place below a folder that is not there is looked at" timeout 20 packaging/install.sh --prefix /no-such-folder --check
else
    refused "cannot be written to" timeout 20 packaging/install.sh --prefix /no-such-folder --check
fi
refused "SDK is missing" env -i PATH=/nonexistent "$(command -v bash)" ./install.sh --prefix "$prefix"
refused "takes no --uninstall" ./install.sh --pack "$packed" --uninstall
# Everything but a compiler, and then with one that finds no C library to link.
mkdir "$work/tools" "$work/broken"
for tool in bash sh dotnet id mktemp chmod rm uname tr sed readlink; do ln -s "$(command -v "$tool")" "$work/tools"; done
printf '#!/bin/sh\nexit 1\n' >"$work/broken/gcc"
chmod 755 "$work/broken/gcc"
for path in "$work/tools" "$work/broken:$work/tools"; do
    refused "A C compiler that can link programs is missing" env PATH="$path" ./install.sh --prefix "$prefix"
    for system in 'Debian.*apt install' 'Fedora.*dnf install' 'Arch.*pacman -S' 'openSUSE.*zypper install'; do
        expect "it says what to install" grep -q "$system" "$work/said"
    done
done
# While a switch runs, in whatever state its unit is: what stands in for systemctl knows one unit.
mkdir "$work/busy"
unit_is() { # name, state
    # shellcheck disable=SC2016 # that script's own
    printf '#!/bin/sh\nshift 4\n[ "$1" != %s ] || echo %s\n' "$1" "$2" >"$work/busy/systemctl"
    chmod 755 "$work/busy/systemctl"
}
for state in activating active deactivating; do
    unit_is gputty-switch.service "$state"
    refused "A switch is running" env PATH="$work/busy:$PATH" ./install.sh --prefix "$prefix"
    refused "A switch is running" env PATH="$work/busy:$PATH" ./install.sh --prefix "$prefix" --uninstall
done
unit_is gputty-home.service activating
refused "waits for a virtual machine" env PATH="$work/busy:$PATH" ./install.sh --prefix "$prefix" --uninstall
expect "nothing was written" test ! -e "$prefix" -a ! -e "$packed" -a ! -e here

# What root's sudo -V has to say of its secure_path.
mkdir "$work/sudo"
sudo_looks_in() {
    # shellcheck disable=SC2016 # what sudo itself prints
    printf '#!/bin/sh\necho "Value to override user'"'"'s \$PATH with: %s"\n' "$1" >"$work/sudo/sudo"
    chmod 755 "$work/sudo/sudo"
}
sudo_looks_in /usr/sbin:/usr/bin:/sbin:/bin
# Root does not build where somebody else says.
(
    if [ "$(id -u)" -eq 0 ]; then export TMPDIR=$work/nowhere; fi
    umask 077
    PATH="$work/sudo:$PATH" ./install.sh --prefix "$prefix" --pack "$packed" | tee "$work/said"
)
expect "where sudo does not look for it is told" grep -qF "sudo does not look in $prefix/bin" "$work/said"
program=$prefix/bin/gputty
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
expect "the program may be run by everybody" test "$(stat -c %a "$program" "$prefix/bin" "$prefix" | sort -u)" = 755
if [ "$(id -u)" -eq 0 ]; then expect "the program is root's" test "$(stat -c %U:%G "$program")" = root:root; fi
expect "it runs without an SDK" test "$(env -i PATH=/usr/bin:/bin "$program" --version)" = "gputty $version"
expect "it runs without any environment" test "$(cd / && env -i "$program" --version)" = "gputty $version"
expect "the program is one file" test "$(find "$prefix/bin" -type f | wc -l)" -eq 1
expect "it is native code without its symbols" test -z "$(find "$prefix" -name '*.dbg' -o -name '*.dll')"
expect "the manual page is there" test -s "$prefix/share/man/man1/gputty.1"
expect "the example of the configuration is there" test -s "$prefix/share/doc/gputty/gputty.conf.example"
tests/start-test.sh "$program"
tarball=$(echo "$packed"/*)
[[ $tarball == */gputty-"$version"-linux-*.tar.gz ]] || { echo "is not one tarball of version $version: $tarball"; exit 1; }
expect "everybody may read the tarball" test "$(stat -c %a "$tarball")" = 644
expect "what is installed is what is packed" cmp <(tar -xOzf "$tarball" --wildcards '*/gputty') "$program"

# What bash offers for a line; its colons break words, as they do in a shell of a person.
cat >"$work/complete" <<'BASH'
source "$1"
COMP_WORDBREAKS=$' \t\n"\'><=;|&(:' COMP_LINE=$2 COMP_POINT=${#2}
_gputty
printf '%s\n' "${COMPREPLY[@]}"
BASH
offers() {
    env -i PATH="$prefix/bin:/usr/bin:/bin" bash --norc "$work/complete" "$prefix/share/bash-completion/completions/gputty" "$1" |
        tr '\n' ' '
}
expect "bash completes commands" test "$(offers 'gputty sw')" = "switch "
expect "bash completes values" test "$(offers 'gputty switch vm --end-holders ')" = "kill never term "

expect "six files are installed" test "$(find "$prefix" -type f | wc -l)" -eq 6
./install.sh --prefix "$prefix" --uninstall
expect "uninstalling leaves no file" test -z "$(find "$prefix" -type f)"
expect "uninstalling twice is no error" ./install.sh --prefix "$prefix" --uninstall
echo "install, run and uninstall: as promised"
