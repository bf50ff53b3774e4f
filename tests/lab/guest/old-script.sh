#!/bin/bash
# What people paste today, in its usual manner: addresses by hand, waits by the clock, hopes for the rest.
# Kept here to be timed beside gputty in the same boot; not an example. Usage: old-script vm|host|rescan
card=0000:01:00.0
sound=0000:01:00.1

to_vm() {
    systemctl stop lightdm
    sleep 2
    pkill -9 Xorg
    sleep 2
    echo 0 >/sys/class/vtconsole/vtcon1/bind
    modprobe -r bochs
    sleep 2
    modprobe vfio-pci
    for device in "$card" "$sound"; do
        echo vfio-pci >"/sys/bus/pci/devices/$device/driver_override"
        [ -e "/sys/bus/pci/devices/$device/driver" ] && echo "$device" >"/sys/bus/pci/devices/$device/driver/unbind"
        echo "$device" >/sys/bus/pci/drivers_probe
    done
    sleep 2
    systemctl start lightdm
}

to_host() {
    systemctl stop lightdm
    sleep 2
    for device in "$sound" "$card"; do
        echo "$device" >"/sys/bus/pci/devices/$device/driver/unbind"
        echo >"/sys/bus/pci/devices/$device/driver_override"
    done
    sleep 2
    modprobe bochs
    for device in "$sound" "$card"; do echo "$device" >/sys/bus/pci/drivers_probe; done
    echo 1 >/sys/class/vtconsole/vtcon1/bind
    sleep 2
    systemctl start lightdm
}

# The other usual way: throw both functions off the bus and look again.
rescan() {
    systemctl stop lightdm
    sleep 2
    for device in "$sound" "$card"; do
        echo vfio-pci >"/sys/bus/pci/devices/$device/driver_override"
        echo 1 >"/sys/bus/pci/devices/$device/remove"
    done
    sleep 2
    echo 1 >/sys/bus/pci/rescan
    sleep 2
    systemctl start lightdm
}

case $1 in
vm) to_vm ;;
host) to_host ;;
rescan) rescan ;;
*) echo "usage: old-script vm|host|rescan" >&2; exit 2 ;;
esac
exit 0
