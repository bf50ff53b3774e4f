#!/usr/bin/env bash
# Adds the modules of guest/nvidia to the folder $1 that the guest sees as /mnt, for the kernel of the image $2, with the guest's list
# of modules with them in it: made here, because depmod takes minutes in an emulator.
set -euo pipefail
cd "$(dirname "$0")"
share=$1 image=$2
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
