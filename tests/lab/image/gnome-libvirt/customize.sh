#!/bin/sh
# Runs on the host with the finished root tree as $1: the guest with GNOME Shell on Wayland, and libvirt beside it.
set -eu
root=$1
"$(dirname "$0")/../gnome/customize.sh" "$root"
# No network for its guests, and none that start or stop with the machine: processor time that nobody looks at.
rm -f "$root/etc/libvirt/qemu/networks/autostart/default.xml"
for unit in libvirt-guests dnsmasq; do ln -sf /dev/null "$root/etc/systemd/system/$unit.service"; done
# Started when somebody asks for it.
chroot "$root" systemctl -q disable libvirtd.service
chroot "$root" systemctl -q enable libvirtd.socket
