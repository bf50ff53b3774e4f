#!/usr/bin/env bash
# Builds a guest of the lab once, and prints the folder that holds it.
# Usage: build-image.sh SUITE DESKTOP   a suite of Debian (bookworm, trixie, sid) and one of image/: xorg, gnome, gnome-libvirt, plasma
# Cache: ${GPUTTY_LAB_CACHE:-/var/cache/gputty-lab}/HASH, named after a hash of the recipe. Needs root and apt on Debian.
set -euo pipefail
cd "$(dirname "$0")"

suite=${1:-} desktop=${2:-}
case $suite in
bookworm | trixie) initramfs='initramfs-tools' ;;
sid) initramfs='dracut' ;;
*) echo "usage: build-image.sh bookworm|trixie|sid xorg|gnome|gnome-libvirt|plasma" >&2; exit 2 ;;
esac
[[ $desktop && -d image/$desktop && $desktop != overlay ]] || { echo "there is no desktop '$desktop' in image/" >&2; exit 2; }
recipe=(build-image.sh image/basics.sh image/packages.txt image/overlay "image/$desktop")
# One is the other with more packages.
[[ $desktop == *-libvirt ]] && recipe+=("image/${desktop%-libvirt}")
hash=$({ echo "$suite"; find "${recipe[@]}" -type f -print0 | sort -z | xargs -0 sha256sum; } | sha256sum | cut -c1-12)
cache=${GPUTTY_LAB_CACHE:-/var/cache/gputty-lab}
image=$cache/$hash

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
# A build that is killed can leave the host's /proc mounted in its tree: nothing of the host may be taken away with it.
clear_away() {
    local mounted
    while read -r mounted; do umount "$mounted" || true; done < <(awk -v work="$work/" 'index($2, work) == 1 {print $2}' /proc/mounts | tac)
    rm -rf --one-file-system "$work"
}
trap 'status=$?; ((status)) && { say "failed; last lines of the log:"; tail -n 25 "$log" >&2; }; clear_away' EXIT
: >"$log"

quietly() { "$@" >>"$log" 2>&1; }

needed=(qemu-system-x86 qemu-utils e2fsprogs mmdebstrap binutils xz-utils zstd gcc libc6-dev)
missing=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${needed[@]}" 2>/dev/null |
    awk '$2 == "installed" {print $1}' | grep -vxFf - <(printf '%s\n' "${needed[@]}") || true)
if [[ $missing ]]; then
    say "installing ${missing//$'\n'/ }"
    quietly apt-get update -q
    # shellcheck disable=SC2086 # a list of names
    DEBIAN_FRONTEND=noninteractive quietly apt-get install -y -q --no-install-recommends $missing
fi

# The guest is fetched from wherever the host fetches its own packages: same server, same proxy; the host's keyring of Debian's archive
# verifies every suite.
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# shellcheck source=/dev/null
host=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
sources=()
# shellcheck disable=SC2016 # apt expands them
while read -r release uri; do
    [[ $release == "$host"* && $suite != sid || $release == "$host" ]] || continue
    sources+=("deb [signed-by=$keyring] $uri $suite${release#"$host"} main")
done < <(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' | grep /debian | sort -u)
((${#sources[@]})) || fail "the host's package sources do not carry Debian." "Add them, or build the image on Debian 12."
apt-config dump | grep -E '^Acquire::(https?|Retries|Check)' >"$work/apt.conf" || true

say "fetching and unpacking Debian $suite with $desktop (a few minutes)"
packages=$(sed 's/#.*//' image/packages.txt "image/$desktop/packages.txt" | xargs | tr ' ' ,),$initramfs
DEBIAN_FRONTEND=noninteractive quietly mmdebstrap --mode=root --variant=minbase --include="$packages" \
    --aptopt="$work/apt.conf" --aptopt='Apt::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --essential-hook="cp -r $PWD/image/overlay/etc/initramfs-tools \"\$1/etc/\"" \
    --customize-hook="$PWD/image/$desktop/customize.sh \"\$1\"" "$suite" "$work/root" "${sources[@]}"

# For the table at the end of a run: suite, desktop, systemd, kernel.
# shellcheck disable=SC2016 # dpkg expands it
version() { chroot "$work/root" dpkg-query -W -f '${Version}' "$1" 2>/dev/null | sed 's/^[0-9]*://; s/[-+~].*//'; }
case $desktop in
xorg) shell="lightdm $(version lightdm), Xorg" ;;
gnome*) shell="GNOME $(version gnome-shell), Wayland" ;;
plasma) shell="Plasma $(version plasma-workspace), Wayland" ;;
esac
kernel=$(basename "$work"/root/lib/modules/*)
printf '%s\t%s\t%s\t%s\n' "$suite" "$shell" "systemd $(version systemd)" "Linux ${kernel%-amd64}" >"$work/facts"

say "making the disk"
truncate -s 8G "$work/disk.raw"
quietly mke2fs -q -F -t ext4 -O ^has_journal -E lazy_itable_init=1 -L lab -d "$work/root" "$work/disk.raw"

# Unpacking the kernel is the emulator's slowest way to do it: hand it an unpacked one.
packed=("$work"/root/boot/vmlinuz-*)
unpack() { # how it is packed begins with, and what unpacks it
    local offset
    while read -r offset; do
        { tail -c "+$((offset + 1))" "${packed[0]}" | "$2" -dcq >"$work/vmlinux" 2>/dev/null; } || true
        [[ $(head -c 4 "$work/vmlinux" | tail -c 3 | tr -d '\0') == ELF ]] && return
    done < <(LC_ALL=C grep -abo "$1" "${packed[0]}" | cut -d: -f1)
    return 1
}
unpack $'\xFD7zXZ' xz || unpack $'\x28\xB5\x2F\xFD' zstd ||
    fail "the guest's kernel is packed in an unknown way." "Look at ${packed[0]##*/}."
# An initial RAM disk of several parts, packed and unpacked, is the kernel's business.
for initrd in "$work"/root/boot/initrd-*; do
    gzip -dcq "$initrd" >"$work/${initrd##*/}" 2>/dev/null || cp "$initrd" "$work/"
done

rm -rf "$work/root" "$work/apt.conf"
touch "$work/complete"
rm -rf "$image"
mv "$work" "$image"
log=$image/log
say "done: $image"
printf '%s\n' "$image"
