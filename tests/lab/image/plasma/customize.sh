#!/bin/sh
# Runs on the host with the finished root tree as $1: the guest with Plasma on Wayland.
set -eu
root=$1
here=$(dirname "$0")
"$here/../basics.sh" "$root" host
cp -r --preserve=mode "$here/overlay/." "$root/"

# Searching, update checks, accounts: processor time that nobody looks at.
for unit in plasma-baloorunner plasma-xembedsniproxy plasma-kaccess; do ln -sf /dev/null "$root/etc/systemd/user/$unit.service"; done
for unit in libvirt-guests packagekit udisks2 colord wpa_supplicant ModemManager; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit.service"
done
