#!/bin/sh
# In the guest: puts the stand-ins for NVIDIA's driver in the place of the lab card's own, as the maker's package does, services and
# all, and starts the desktop on them. Usage: install.sh [FOLDER-WITH-MODULES]
set -eu
here=${1:-$(dirname "$0")}

cat >/etc/modprobe.d/nvidia.conf <<END
blacklist bochs
options nvidia_drm modeset=1
END

# The nodes of cards are not in sysfs: udev makes them when a card is bound, and nobody takes them away again.
cat >/etc/udev/rules.d/60-nvidia.rules <<END
ACTION=="bind", SUBSYSTEM=="pci", DRIVER=="nvidia", RUN+="/usr/local/lib/nvidia-nodes"
END
cat >/usr/local/lib/nvidia-nodes <<'END'
#!/bin/sh
node() { [ -e "/dev/$1" ] || mknod -m 666 "/dev/$1" c 195 "$2"; }
node nvidiactl 255
node nvidia-modeset 254
for minor in $(cat /proc/driver/nvidia/gpus/*/information | sed -n 's/^Device Minor:[[:space:]]*//p'); do node "nvidia$minor" "$minor"; done
END
chmod 755 /usr/local/lib/nvidia-nodes

# One start an hour: more succeed only for who clears the counter first (systemctl reset-failed).
for service in persistenced:/dev/nvidia0 powerd:/dev/nvidiactl; do
    name=nvidia-${service%%:*}
    cp /usr/local/bin/hold "/usr/local/bin/$name"
    cat >"/etc/systemd/system/$name.service" <<END
[Unit]
StartLimitIntervalSec=1h
StartLimitBurst=1
[Service]
Type=exec
ExecStart=/usr/local/bin/$name open ${service#*:}
[Install]
WantedBy=multi-user.target
END
done

systemctl stop lightdm
rmmod bochs
mkdir -p "/lib/modules/$(uname -r)/updates"
cp "$here"/*.ko "/lib/modules/$(uname -r)/updates/"
cp "$here"/modules.* "/lib/modules/$(uname -r)/"
udevadm control --reload
systemctl daemon-reload
modprobe -a nvidia_drm nvidia_uvm
udevadm settle
systemctl start nvidia-persistenced nvidia-powerd lightdm
