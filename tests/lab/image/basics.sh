#!/bin/sh
# What every guest of the lab has, whatever its desktop. $1 is the root tree; the others say which initial RAM disks it needs:
# "host" and "card" name the GPU that the kernel meets first, and with it who gets the text console; "reserved" has vfio-pci before both.
set -eu
root=$1
shift
inside() { chroot "$root" "$@"; }

cp -r --preserve=mode "$(dirname "$0")/overlay/." "$root/"

echo lab >"$root/etc/hostname"
inside passwd -q -d root
touch "$root/root/.hushlogin" # a clean console, as the pictures show it
# The user logs in on a text console and asks sudo for root, as people do.
inside useradd -m -s /bin/bash -G video,audio,sudo user
echo user:lab | inside chpasswd
touch "$root/home/user/.hushlogin"

# Nobody reads these in a machine that lives for minutes; each costs seconds of emulated time.
for unit in getty@tty1.service e2scrub_reap.service e2scrub_all.timer fstrim.timer dpkg-db-backup.timer apt-daily.timer \
    apt-daily-upgrade.timer systemd-timesyncd.service systemd-pstore.service systemd-update-utmp.service \
    systemd-update-utmp-runlevel.service ldconfig.service systemd-random-seed.service \
    systemd-networkd.service systemd-rfkill.socket systemd-binfmt.service proc-sys-fs-binfmt_misc.automount \
    modprobe@efi_pstore.service sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
inside systemctl -q enable getty@tty3.service serial-getty@ttyS0.service lab-agent.service
inside systemctl -q set-default graphical.target

kernel=$(basename "$(ls -d "$root"/lib/modules/*)")
for order; do
    case $order in host) gpu=virtio_gpu ;; card) gpu=bochs ;; reserved) gpu='vfio_pci virtio_gpu' ;; esac
    drivers="virtio_pci virtio_blk ext4 $gpu"
    if [ -x "$root/usr/bin/dracut" ]; then
        # It looks at the machine it runs on unless it is told not to; and what it adds to these drivers would take a card first.
        inside dracut --force --no-hostonly --no-early-microcode --gzip --omit 'plymouth drm network' --drivers "$drivers" \
            "/boot/initrd-$order-first" "$kernel"
    else
        # shellcheck disable=SC2086 # a list of names
        printf '%s\n' $drivers >"$root/etc/initramfs-tools/modules"
        inside mkinitramfs -o "/boot/initrd-$order-first" "$kernel"
    fi
done
rm -rf "$root/boot/initrd.img-$kernel" "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*
