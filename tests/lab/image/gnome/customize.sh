#!/bin/sh
# Runs on the host with the finished root tree as $1: the guest with GNOME Shell on Wayland.
set -eu
root=$1
here=$(dirname "$0")
"$here/../basics.sh" "$root" host reserved
cp -r --preserve=mode "$here/overlay/." "$root/"

# GDM's own rule takes Wayland away from emulated GPUs.
ln -sf /dev/null "$root/etc/udev/rules.d/61-gdm.rules"
chroot "$root" glib-compile-schemas /usr/share/glib-2.0/schemas
# Calendars, contacts, indexers, bluetooth, colours: processor time that nobody looks at.
for unit in evolution-addressbook-factory evolution-calendar-factory evolution-source-registry org.gnome.SettingsDaemon.Color \
    org.gnome.SettingsDaemon.Wacom org.gnome.SettingsDaemon.PrintNotifications org.gnome.SettingsDaemon.Smartcard \
    org.gnome.SettingsDaemon.Sharing org.gnome.SettingsDaemon.Wwan org.gnome.SettingsDaemon.Rfkill; do
    ln -sf /dev/null "$root/etc/systemd/user/$unit.service"
done
for unit in colord packagekit fwupd power-profiles-daemon switcheroo-control udisks2 wpa_supplicant ModemManager screen-cleanup; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit.service"
done
# Started when somebody asks for it.
chroot "$root" systemctl -q disable ssh.service ssh.socket
