#!/usr/bin/env bash
# Builds gputty and installs program, manual page and shell completions; --pack makes a tarball of them for machines that cannot build.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--uninstall]
       ./install.sh --pack [DIR] [--prefix DIR]

  --prefix DIR   where to (default /usr/local); DESTDIR in the environment goes in front of it
  --uninstall    remove what was installed there; refused while a switch runs, or something of gputty's own relies on it
  --pack [DIR]   put gputty-VERSION-linux-ARCH.tar.gz into DIR (default: here); nothing is installed without --prefix

Needs the .NET SDK 10 and a C compiler to build; what is installed needs nothing.
TEXT
}

fail() {
    printf '!! %s\n   %s\n' "$1" "$2" >&2
    exit 1
}

pack='' uninstall='' options=()
while [ $# -gt 0 ]; do
    case $1 in
        --pack)
            pack=.
            case ${2:-} in '' | -*) ;; *) pack=$2; shift ;; esac ;;
        --pack=*) pack=${1#*=} ;;
        -h | --help) usage; exit 0 ;;
        *)
            [ "$1" != --uninstall ] || uninstall=yes
            options+=("$1") ;;
    esac
    shift
done
case $0 in
    */*) here=$(cd -- "${0%/*}" && pwd) ;;
    *) here=$PWD ;;
esac
installer=$here/packaging/install.sh

if [ -n "$pack" ]; then
    [ -z "$uninstall" ] || fail "--pack takes no --uninstall." "See: ./install.sh --help"
elif [ -n "$uninstall" ]; then
    exec "$installer" "${options[@]}"
fi
if [ -z "$pack" ] || [ ${#options[@]} -gt 0 ]; then
    "$installer" --check ${options[@]+"${options[@]}"}
fi
if [ -n "$pack" ]; then
    mkdir -p -- "$pack"
    pack=$(cd -- "$pack" && pwd)
fi

command -v dotnet >/dev/null ||
    fail "The .NET SDK is missing (no dotnet in PATH)." \
        "Install it from https://dot.net/download; with sudo, keep your PATH: sudo env \"PATH=\$PATH\" ./install.sh"
cd -- "$here"
sdk=$(dotnet --version 2>&1) ||
    fail "No installed .NET SDK fits global.json." \
        "Install the .NET SDK 10 from https://dot.net/download; installed now: $(dotnet --list-sdks | tr '\n' ' ')"

# A folder of our own where programs can be run: it may be mounted so that none can (noexec).
work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
scratch() {
    work=$(mktemp -d)
    printf '#!/bin/sh\nexit 0\n' >"$work/try"
    chmod 0700 "$work/try"
    ! "$work/try" 2>/dev/null || return 0
    rm -rf "$work"
    work=
}
# Root builds where nobody else can put a file of his in place of ours, whatever TMPDIR says.
if [ "$(id -u)" -eq 0 ]; then
    for folder in /tmp /var/tmp; do
        [[ -O $folder && -k $folder ]] || fail "$folder is not root's, or lets users rename files of others." \
            "Correct it: chown root: $folder && chmod 1777 $folder"
        export TMPDIR=$folder
        scratch
        [ -z "$work" ] || break
    done
    [ -n "$work" ] || fail "No program can be run from /tmp, nor from /var/tmp." \
        "Allow it while this runs: mount -o remount,exec /var/tmp"
else
    scratch
    [ -n "$work" ] || fail "No program can be run from ${TMPDIR:-/tmp}." \
        "Name a folder where one can: TMPDIR=\"\$HOME\" ./install.sh"
fi

needs="Debian, Ubuntu: apt install clang zlib1g-dev. Fedora: dnf install clang zlib-devel. Arch: pacman -S clang zlib."
needs="$needs openSUSE: zypper install clang zlib-devel."
# Only linking shows whether a compiler has all that it needs.
links() { echo 'int main(void) { return 0; }' | "$1" -x c - -fuse-ld=bfd -pthread -ldl -lrt -lm -o "$work/links" 2>/dev/null; }
compiler=
for candidate in clang gcc; do
    if command -v "$candidate" >/dev/null && links "$candidate"; then compiler=$candidate && break; fi
done
[ -n "$compiler" ] || fail "A C compiler that can link programs is missing (clang or gcc)." "$needs"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
echo "building with the .NET SDK $sdk and $compiler (a minute or two) ..."
# Into a directory of its own: a build under sudo leaves nothing of root's in your tree.
dotnet publish src/GpuTty -p:PublishProfile=Installed -p:CppCompilerAndLinker="$compiler" \
    --artifacts-path "$work/build" -o "$work/program" >"$work/log" 2>&1 || {
    tail -n 30 "$work/log" >&2
    ! grep -qE '(cannot|unable to) find (library )?-lz' "$work/log" || fail "The headers of zlib are missing." "$needs"
    fail "The build failed." "The lines above say why; without network the packages must be in the local cache."
}

built=$work/program/gputty
version=$("$built" --version) || fail "The program that was built does not run." \
    "See the line above; programs must be allowed to run from ${TMPDIR:-/tmp}."
case $(uname -m) in
    x86_64) architecture=x64 ;;
    aarch64) architecture=arm64 ;;
    *) architecture=$(uname -m) ;;
esac
name=${version/ /-}-linux-$architecture
folder=$work/$name
mkdir -m 0755 "$folder"
install -m 0755 "$built" "$installer" "$folder"
install -m 0644 src/GpuTty/man/gputty.1 src/GpuTty/man/gputty.conf.example LICENSE packaging/THIRD-PARTY-NOTICES "$folder"
"$built" completions bash >"$folder/gputty.bash"
"$built" completions zsh >"$folder/_gputty"
"$built" completions fish >"$folder/gputty.fish"
chmod 0644 "$folder/gputty.bash" "$folder/_gputty" "$folder/gputty.fish"

if [ -z "$pack" ] || [ ${#options[@]} -gt 0 ]; then "$folder/install.sh" ${options[@]+"${options[@]}"}; fi
[ -n "$pack" ] || exit 0
tar -C "$work" --owner=0 --group=0 --numeric-owner --sort=name -czf "$work/$name.tar.gz" "$name"
install -m 0644 "$work/$name.tar.gz" "$pack"
# A program runs where the C library is at least as new as the one it was linked against.
glibc=$(objdump -T "$built" 2>/dev/null | grep -o 'GLIBC_[0-9.]*' | sort -V | tail -n 1 || true)
echo "packed $pack/$name.tar.gz, for Linux on $(uname -m) ${glibc:+with glibc ${glibc#GLIBC_} or newer}"
