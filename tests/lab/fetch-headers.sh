#!/usr/bin/env bash
# Fetches the headers of the kernel in the image $1, once, beside its disk, and prints their folder: guest/nvidia is built against them.
set -euo pipefail
image=$1
kernel=$(debugfs -R 'ls -p /lib/modules' "$image/disk.raw" 2>/dev/null | cut -d/ -f6 | grep '^[0-9]')
folder=$image/headers
found=$folder/usr/src/linux-headers-$kernel

fail() { printf 'lab headers: %s %s\n' "$1" "$2" >&2; exit 1; }

exec 9>"$image/headers.lock"
flock 9
[[ -e $folder/complete ]] && { printf '%s\n' "$found"; exit; }

missing=()
for tool in make depmod; do
    command -v "$tool" >/dev/null || missing+=("${tool/depmod/kmod}")
done
((${#missing[@]})) && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null

# The names of the packages follow from the kernel's; kbuild goes by the series: 6.1.0-56-amd64 and linux-kbuild-6.1.
series=${kernel%%-*}
packages=("linux-headers-$kernel" "linux-headers-${kernel%-*}-common" "linux-kbuild-${series%.*}")
rm -rf "$folder"
mkdir "$folder"
cd "$folder"
download() { apt-get -qq download "${packages[@]}" 2>"$folder/log"; }
download || { apt-get -qq update && download; } ||
    fail "there are no headers for $kernel any more." "Remove $image, so that an image with a newer kernel is built."
for package in *.deb; do dpkg-deb -x "$package" . && rm "$package"; done
# The packages expect to lie in /usr/src.
# shellcheck disable=SC2016 # make expands them
sed -i 's#^include /usr/src/#include $(dir $(lastword $(MAKEFILE_LIST)))../#' "$found/Makefile"
touch complete
printf '%s\n' "$found"
