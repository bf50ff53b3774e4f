#!/usr/bin/env bash
# Builds a guest of the lab (Debian 12 with a desktop) once, and prints the folder that holds it.
# Usage: build-image.sh [gnome]   without a word: lightdm and Xorg; gnome: GDM and GNOME Shell on Wayland.
# Cache: ${GPUTTY_LAB_CACHE:-/var/cache/gputty-lab}/IMAGE, named after a hash of the recipe. Needs root and apt on Debian.
set -euo pipefail
cd "$(dirname "$0")"

case ${1:-} in
'') recipe=image files=(build-image.sh image) ;;
gnome) recipe=image-gnome files=(build-image.sh image/basics.sh image/overlay image-gnome) ;;
*) echo "usage: build-image.sh [gnome]" >&2; exit 2 ;;
esac
hash=$(find "${files[@]}" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
cache=${GPUTTY_LAB_CACHE:-/var/cache/gputty-lab}
image=$cache/$hash
suite=bookworm

say() { printf 'lab image: %s\n' "$*" >&2; }
fail() { say "$1 $2"; exit 1; }

[[ -e $image/complete ]] && { printf '%s\n' "$image"; exit; }
[[ $(id -u) -eq 0 ]] || fail "building the image needs root." "Run this script with sudo once."
command -v apt-get >/dev/null || fail "this host has no apt." "Build the image on Debian and copy $image here."

mkdir -p "$cache"
exec 9>"$cache/lock"
flock -n 9 || { say "another build is under way, waiting for it"; flock 9; }
[[ -e $image/complete ]] && { printf '%s\n' "$image"; exit; }

work=$(mktemp -d "$cache/building.XXXXXX")
log=$work/log
trap 'status=$?; ((status)) && { say "failed; last lines of the log:"; tail -n 25 "$log" >&2; }; rm -rf "$work"' EXIT
: >"$log"

quietly() { "$@" >>"$log" 2>&1; }

needed=(qemu-system-x86 qemu-utils e2fsprogs mmdebstrap binutils xz-utils gcc libc6-dev)
missing=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${needed[@]}" 2>/dev/null |
    awk '$2 == "installed" {print $1}' | grep -vxFf - <(printf '%s\n' "${needed[@]}") || true)
if [[ $missing ]]; then
    say "installing ${missing//$'\n'/ }"
    quietly apt-get update -q
    # shellcheck disable=SC2086 # a list of names
    DEBIAN_FRONTEND=noninteractive quietly apt-get install -y -q --no-install-recommends $missing
fi

# The guest is fetched from wherever the host fetches its own packages: same sources, same proxy, same trust.
shopt -s nullglob
sources=(/etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list)
[[ -s /etc/apt/sources.list ]] && sources+=(/etc/apt/sources.list)
grep -qs "\b$suite\b" "${sources[@]}" || fail "the host's package sources do not carry Debian $suite." "Add them, or build the image on Debian 12."
apt-config dump | grep -E '^Acquire::(https?|Retries|Check)' >"$work/apt.conf" || true

say "fetching and unpacking Debian (a few minutes)"
packages=$(sed 's/#.*//' "$recipe/packages.txt" | xargs | tr ' ' ,)
DEBIAN_FRONTEND=noninteractive quietly mmdebstrap --mode=root --variant=minbase --include="$packages" \
    --aptopt="$work/apt.conf" --aptopt='Apt::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="$PWD/$recipe/customize.sh \"\$1\"" "$suite" "$work/root" "${sources[@]}"

say "making the disk"
truncate -s 4G "$work/disk.raw"
quietly mke2fs -q -F -t ext4 -O ^has_journal -E lazy_itable_init=1 -L lab -d "$work/root" "$work/disk.raw"

# Unpacking the kernel is the emulator's slowest way to do it: hand it an unpacked one.
vmlinuz=("$work"/root/boot/vmlinuz-*)
offset=$(grep -abo $'\xFD7zXZ' "${vmlinuz[0]}" | head -n1 | cut -d: -f1 || true)
[[ $offset ]] || fail "the guest's kernel is packed in an unknown way." "Look at ${vmlinuz[0]##*/}."
{ tail -c "+$((offset + 1))" "${vmlinuz[0]}" | xz -dc >"$work/vmlinux" 2>>"$log"; } || true
for initrd in "$work"/root/boot/initrd-*; do gzip -dc "$initrd" >"$work/${initrd##*/}"; done

rm -rf "$work/root" "$work/apt.conf"
touch "$work/complete"
rm -rf "$image"
mv "$work" "$image"
log=$image/log
say "done: $image"
printf '%s\n' "$image"
