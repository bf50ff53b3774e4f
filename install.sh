#!/usr/bin/env bash
# Builds gputty and installs program, manual page and shell completions; --uninstall takes all of it away again.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: ./install.sh [--prefix DIR] [--uninstall]

  --prefix DIR   where to (default /usr/local); DESTDIR in the environment goes in front of it
  --uninstall    remove what was installed there

Needs the .NET SDK 10 to build; what is installed needs nothing.
TEXT
}

fail() {
    printf '!! %s\n   %s\n' "$1" "$2" >&2
    exit 1
}

prefix=/usr/local
uninstall=
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) [ $# -gt 1 ] || fail "--prefix needs a directory." "For example: ./install.sh --prefix /usr"
            prefix=$2
            shift ;;
        --prefix=*) prefix=${1#*=} ;;
        --uninstall) uninstall=yes ;;
        -h | --help) usage; exit 0 ;;
        *) fail "Unknown option '$1'." "See: ./install.sh --help" ;;
    esac
    shift
done
case $prefix in
    /*) ;;
    *) fail "'$prefix' is not an absolute directory." "For example: --prefix /usr/local" ;;
esac

# Everything that is installed, mode first. The uninstaller reads the same list.
root=${DESTDIR:-}${prefix%/}
program=$root/bin/gputty
manual=$root/share/man/man1/gputty.1
bash_completion=$root/share/bash-completion/completions/gputty
zsh_completion=$root/share/zsh/site-functions/_gputty
fish_completion=$root/share/fish/vendor_completions.d/gputty.fish

# Not with test -w on the target itself: it need not exist yet.
writable() {
    local directory=$1
    while [ ! -e "$directory" ]; do directory=${directory%/*}; done
    [ -w "${directory:-/}" ] || fail "$directory cannot be written to." "Run it with sudo, or choose another place with --prefix."
}

if [ -n "$uninstall" ]; then
    if [ -z "${DESTDIR:-}" ] && command -v systemctl >/dev/null && systemctl --quiet is-active gputty-switch.service 2>/dev/null; then
        fail "A switch is running, and it needs the program until it ends." "Wait for it: gputty follow"
    fi
    for file in "$program" "$manual" "$bash_completion" "$zsh_completion" "$fish_completion"; do
        [ -e "$file" ] || continue
        writable "$file"
        rm -- "$file"
        echo "removed $file"
    done
    exit 0
fi

command -v dotnet >/dev/null ||
    fail "The .NET SDK is missing (no dotnet in PATH)." "Install it from https://dot.net/download; with sudo, keep your PATH: sudo env \"PATH=\$PATH\" ./install.sh"
writable "$root/bin"

case $0 in
    */*) cd "${0%/*}" ;;
esac
sdk=$(dotnet --version 2>&1) ||
    fail "No installed .NET SDK fits global.json." "Install the .NET SDK 10 from https://dot.net/download; installed now: $(dotnet --list-sdks | tr '\n' ' ')"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

echo "building with the .NET SDK $sdk (a minute or two) ..."
# Into a directory of its own: a build under sudo leaves nothing of root's in your tree.
dotnet publish src/GpuTty -p:PublishProfile=Installed --artifacts-path "$work/build" -o "$work/program" >"$work/log" 2>&1 || {
    tail -n 30 "$work/log" >&2
    fail "The build failed." "The lines above say why; without network the packages must be in the local cache."
}

put() {
    install -D -m "$1" "$2" "$3"
    [ "$(id -u)" -ne 0 ] || chown root:root "$3"
    echo "installed $3"
}

put 0755 "$work/program/gputty" "$program"
put 0644 src/GpuTty/man/gputty.1 "$manual"
for shell in bash zsh fish; do "$program" completions "$shell" >"$work/$shell"; done
put 0644 "$work/bash" "$bash_completion"
put 0644 "$work/zsh" "$zsh_completion"
put 0644 "$work/fish" "$fish_completion"
echo "$("$program" --version) is ready. Try it without risk: gputty demo"
