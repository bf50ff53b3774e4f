#!/usr/bin/env bash
# Fills the folder $1 that the guest sees as /mnt; what lies in its bin/ is copied to the guest's /usr/local/bin.
# $2 is the guest's image.
set -euo pipefail
cd "$(dirname "$0")"
share=$1 image=$2
mkdir -p "$share/bin"
rm -f "$share"/bin/*
for source in *.c; do gcc -static -O1 -Wall -Wextra -Werror -o "$share/bin/${source%.c}" "$source"; done
install -m 755 old-script.sh "$share/bin/old-script"

# The modules of guest/nvidia, and the guest's list of modules with them in it: made here, because depmod takes minutes in an emulator.
headers=$(../fetch-headers.sh "$image")
kernel=${headers##*/linux-headers-}
work=$(realpath -m "$share/../modules/${image##*/}")
tree=$work/tree
mkdir -p "$work/build" "$share/nvidia"
[[ -e $tree/lib/modules/$kernel ]] || {
    mkdir -p "$tree/lib/modules"
    debugfs -R "rdump /lib/modules/$kernel $tree/lib/modules" "$image/disk.raw" 2>/dev/null
}
cp -u nvidia/* "$work/build"
make -s -C "$headers" M="$work/build" modules 2> >(grep -v "Skipping BTF" >&2)
install -D -t "$tree/lib/modules/$kernel/updates" "$work"/build/*.ko
depmod -b "$tree" "$kernel"
cp "$work"/build/*.ko nvidia/install.sh "$tree/lib/modules/$kernel"/modules.* "$share/nvidia"
