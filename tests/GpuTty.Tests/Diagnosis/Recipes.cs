using Code = GpuTty.Diagnosis.DiagnosisCode;

namespace GpuTty.Tests.Diagnosis;

/// <summary>The recipes of the last ten years.</summary>
internal static class Recipes
{
    private const string Start =
        "#!/bin/bash\nset -x\nsystemctl stop display-manager.service\necho 0 > /sys/class/vtconsole/vtcon0/bind\necho "
            + "efi-framebuffer.0 > /sys/bus/platform/drivers/efi-framebuffer/unbind\nsleep 5\nmodprobe -r nvidia_drm\nvirsh "
            + "nodedev-detach pci_0000_01_00_0\nmodprobe vfio-pci\n";

    private const string Dispatcher =
        "#!/bin/bash\nGUEST_NAME=\"$1\"\nHOOKPATH=\"$(dirname \"$0\")/qemu.d/$GUEST_NAME/$2/$3\"\nif [ -d \"$HOOKPATH\" ]; "
            + "then for file in \"$HOOKPATH\"/*; do [ -x \"$file\" ] && \"$file\" \"$@\"; done; fi\n";

    public static Recipe[] All { get; } =
    [
        new(
            "everything of the article about Wayland and GDM",
            [
                    ("etc/systemd/system/gdm.service.d/10-no-restart.conf", "[Service]\nRestart=no\n"),
                    ("etc/modprobe.d/blacklist-nvidia.conf",
                        "blacklist nvidia\nblacklist nvidia_drm\nblacklist nvidia_uvm\nblacklist nvidia_peer_mem\nblacklist "
                            + "nvidia_modeset\nblacklist nvidia-nvlink\nblacklist xhci_pci\nblacklist ucsi_ccg\noptions nvidia "
                            + "NVreg_EnableGpuFirmware=0\n"),
                    (
                        "etc/modprobe.d/nvidia.conf",
                        "options nvidia_drm modeset=0\noptions nvidia NVreg_InitializeSystemMemoryAllocations=0\n"),
                    ("etc/udev/rules.d/80-nvidia-composite.rules",
                        "# cards\nACTION==\"add\", SUBSYSTEM==\"drm\", KERNEL==\"card*\", ATTRS{vendor}==\"0x10de\", "
                            + "\\\n    RUN+=\"/bin/sh -c 'chmod 000 /dev/dri/%k; echo GNOME_MUTTER_IGNORE_DEVICE=1 >> "
                            + "/etc/environment'\"\n\n"
                        + "ACTION==\"add\", SUBSYSTEM==\"drm\", KERNEL==\"card*\", ATTRS{vendor}==\"0x8086\", "
                        + "RUN+=\"/bin/sh -c 'chmod 660 /dev/dri/%k; chown root:video /dev/dri/%k'\"\n"
                        + "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{class}==\"0x030000\", ATTR{enable}=\"0\"\n"),
                    ("etc/environment", "LANG=en_US.UTF-8\nGNOME_MUTTER_IGNORE_DEVICE=1\nGNOME_MUTTER_IGNORE_DEVICE=1\n"),
                    ("etc/systemd/system/nvidia-lock.service",
                        "[Unit]\nDescription=Lock\nBefore=display-manager.service\nConflicts=multi-user.target\n\n[Service]\n"
                            + "Type=oneshot\nExecStart=/bin/sh -c 'echo 0 > /sys/class/vtconsole/vtcon0/bind'\n"
                            + "ExecStart=/bin/sh -c 'chmod 000 /dev/dri/card0'\n\n[Install]\nWantedBy=graphical.target\n"),
                    ("etc/systemd/system/graphical.target.wants/nvidia-lock.service", "-> /etc/systemd/system/nvidia-lock.service"),
                    (
                        "usr/local/bin/nvidia-unlock*",
                        "#!/bin/bash\nsystemctl stop gdm\npkill -9 -f \"gnome-shell|gjs\"\necho 1 | tee "
                            + "/sys/bus/pci/devices/0000:01:00.0/remove >/dev/null\nrmmod nvidia_drm nvidia\necho 1 | tee "
                            + "/sys/bus/pci/rescan\n"),
                    (
                        "usr/local/bin/nvidia-locker*",
                        "#!/bin/bash\nPCI=/sys/bus/pci/devices\necho vfio-pci | tee \"$PCI/0000:01:00.0/driver_override\"\necho "
                            + "0000:01:00.0 | tee /sys/bus/pci/drivers/vfio-pci/bind\n"),
                ],
            "",
            (Code.UsbBlacklisted, "/etc/modprobe.d/blacklist-nvidia.conf:7"),
            (Code.DriverBlacklisted, "/etc/modprobe.d/blacklist-nvidia.conf:1"),
            (Code.NvidiaFirmwareOff, "/etc/modprobe.d/blacklist-nvidia.conf:9"),
            (Code.ModesetOff, "/etc/modprobe.d/nvidia.conf:1"),
            (Code.NvidiaMemoryNotCleared, "/etc/modprobe.d/nvidia.conf:2"),
            (Code.UdevNodePermissions, "/etc/udev/rules.d/80-nvidia-composite.rules:2"),
            (Code.UdevEditsEnvironment, "/etc/udev/rules.d/80-nvidia-composite.rules:2"),
            (Code.UdevDisablesDevice, "/etc/udev/rules.d/80-nvidia-composite.rules:6"),
            (Code.EnvironmentIgnored, "/etc/environment:2"),
            (Code.DesktopNoRestart, "/etc/systemd/system/gdm.service.d/10-no-restart.conf:2"),
            (Code.UnitTouchesCard, "/etc/systemd/system/nvidia-lock.service:8"),
            (Code.SwitchScript, "/usr/local/bin/nvidia-unlock"),
            (Code.SwitchScript, "/usr/local/bin/nvidia-locker"))
        {
            // Many need this line for other reasons: it stays.
            Before = [("etc/modprobe.d/blacklist-nvidia.conf", "blacklist ucsi_ccg\n")],
        },

        new(
            "libvirt hooks by the guest's suffix",
            [
                    (
                        "etc/libvirt/hooks/qemu*",
                        "#!/bin/bash\n[[ \"$1\" != *-gpu ]] && exit 0\nif [ \"$2\" = \"prepare\" ] || [ \"$2\" = \"start\" ]; "
                            + "then\n  \"$(dirname \"$0\")/vfio-startup.sh\"\nelif [ \"$2\" = \"release\" ] || [ \"$2\" = \"stopped\" ]; "
                            + "then\n  \"$(dirname \"$0\")/vfio-teardown.sh\"\nfi\n"),
                    (
                        "etc/libvirt/hooks/vfio-startup.sh*",
                        "#!/bin/bash\nsystemctl stop sddm.service\nsleep 2\necho 0000:01:00.0 > "
                            + "/sys/bus/pci/devices/0000:01:00.0/driver/unbind\nmodprobe -r nvidia\necho 10de 2684 > "
                            + "/sys/bus/pci/drivers/vfio-pci/new_id\nsystemctl start sddm.service\n"),
                    (
                        "etc/libvirt/hooks/vfio-teardown.sh*",
                        "#!/bin/bash\necho 10de 2684 > /sys/bus/pci/drivers/vfio-pci/remove_id\nmodprobe -r vfio-pci\nmodprobe nvidia\n"),
                ],
            "",
            (Code.HookRunsTwice, "/etc/libvirt/hooks/qemu"),
            (Code.HookMovesCard, "/etc/libvirt/hooks/vfio-startup.sh"),
            (Code.HookMovesCard, "/etc/libvirt/hooks/vfio-teardown.sh")),

        new(
            "the wiki's aliases, ids and ACS override",
            [
                    (
                        "etc/modprobe.d/local.conf",
                        "alias pci:v000010DEd00002684sv0000103Csd000087B2bc03sc00i00 vfio-pci\nalias "
                            + "pci:v000010DEd000022BAsv0000103Csd000087B2bc04sc03i00 vfio-pci\noptions vfio-pci ids=10de:2684,10de:22ba\n"),
                    (
                        "etc/libvirt/qemu/win10.xml",
                        "<domain>\n<name>win10</name>\n<devices>\n<hostdev mode='subsystem' type='pci' managed='yes'>\n<source><address "
                            + "domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>\n</hostdev></devices></domain>\n"),
                ],
            "pcie_acs_override=downstream,multifunction",
            (Code.VfioAlias, "/etc/modprobe.d/local.conf:1"),
            (Code.VfioIds, "/etc/modprobe.d/local.conf:3"),
            (Code.AcsOverride, "/etc/default/grub:2"),
            (Code.LibvirtManaged, "/etc/libvirt/qemu/win10.xml:4")),

        new(
            "two scripts with a state file",
            [("etc/vfio-passthrough.conf", "GPU_PCI_ID=0000:01:00.0\n"), ("run/vfio_state", "0000:01:00.0 nvidia\n")],
            "",
            (Code.OtherSwitcher, "/etc/vfio-passthrough.conf"),
            (Code.OtherSwitcher, "/run/vfio_state")),

        new("ids and softdep before NVIDIA's driver, in mkinitcpio",
            [
                ("etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:2684,10de:22ba disable_vga=1\nsoftdep nvidia pre: vfio-pci\n"),
                ("etc/mkinitcpio.conf", "# MODULES=(vfio_pci)\nMODULES=(vfio_pci vfio vfio_iommu_type1 i915)\nHOOKS=(base udev modconf)\n"),
            ],
            "", (Code.VfioIds, "/etc/modprobe.d/vfio.conf:1"))
            {
                Before =
                [
                    ("etc/mkinitcpio.conf", "MODULES=(i915)\nHOOKS=(base udev modconf)\n"),
                    ("etc/modprobe.d/vfio.conf", "options vfio-pci disable_vga=1\n"),
                ],
            },

        new(
            "a script in the place of vfio-pci, for two equal cards",
            [
                    ("etc/modprobe.d/vfio.conf", "install vfio-pci /usr/local/bin/vfio-pci-override.sh\n"),
                    (
                        "usr/local/bin/vfio-pci-override.sh*",
                        "#!/bin/sh\nfor i in 0000:01:00.0 0000:01:00.1; do echo vfio-pci > /sys/bus/pci/devices/$i/driver_override; "
                            + "done\nmodprobe -i vfio-pci\n"),
                    (
                        "etc/dracut.conf.d/vfio.conf",
                        "force_drivers+=\" vfio_pci \"\ninstall_items+=\" /usr/local/bin/vfio-pci-override.sh \"\n"),
                ],
            "",
            (Code.VfioInstallCommand, "/etc/modprobe.d/vfio.conf:1"),
            (Code.InitramfsScript, "/usr/local/bin/vfio-pci-override.sh"),
            (Code.SwitchScript, "/usr/local/bin/vfio-pci-override.sh")),

        new(
            "ids in initramfs-tools",
            [("etc/initramfs-tools/modules", "# List of modules\nvfio\nvfio_iommu_type1\nvfio_pci ids=10de:2684,10de:22ba\n")],
            "",
            (Code.VfioIds, "/etc/initramfs-tools/modules:4"))
            {
                Before = [("etc/initramfs-tools/modules", "# List of modules\nvfio\nvfio_iommu_type1\n")],
            },

        new(
            "a script of initramfs-tools",
            [(
                "etc/initramfs-tools/scripts/init-top/vfio*",
                "#!/bin/sh\nfor DEV in 0000:01:00.0; do echo vfio-pci > /sys/bus/pci/devices/$DEV/driver_override; "
                    + "done\nmodprobe -i vfio-pci\n")],
            "",
            (Code.InitramfsScript, "/etc/initramfs-tools/scripts/init-top/vfio")),

        new(
            "ids on the kernel command line",
            [],
            "vfio-pci.ids=10de:2684,10de:22ba rd.driver.pre=vfio-pci",
            (Code.VfioIds, "/etc/default/grub:2")),

        new(
            "an emptied console",
            [],
            "video=efifb:off,vesafb:off initcall_blacklist=sysfb_init",
            (Code.ConsoleParameter, "/etc/default/grub:2"),
            (Code.ConsoleParameter, "/etc/default/grub:2")),

        new("nomodeset", [], "nomodeset", (Code.Nomodeset, "/etc/default/grub:2")),

        new(
            "a driver blacklisted by the kernel's parameters",
            [],
            "modprobe.blacklist=nvidia,nouveau rd.driver.blacklist=nouveau,nvidia nvidia-drm.modeset=0",
            (Code.DriverBlacklisted, "/etc/default/grub:2"),
            (Code.DriverBlacklisted, "/etc/default/grub:2"),
            (Code.ModesetOff, "/etc/default/grub:2")),

        new("a driver that the kernel refuses", [], "module_blacklist=nvidia,nouveau", (Code.DriverForbidden, "/etc/default/grub:2")),

        new(
            "drivers with /bin/false in their place",
            [("etc/modprobe.d/no-nvidia.conf", "# no nvidia\ninstall nvidia /bin/false\nalias nouveau off\n")],
            "",
            (Code.DriverForbidden, "/etc/modprobe.d/no-nvidia.conf:2")),

        new(
            "interrupts that are not parted, and no IOMMU",
            [(
                "etc/modprobe.d/iommu.conf",
                "options vfio_iommu_type1 allow_unsafe_interrupts=1\noptions vfio enable_unsafe_noiommu_mode=Y\n")],
            "",
            (Code.UnsafeInterrupts, "/etc/modprobe.d/iommu.conf:1"),
            (Code.VfioWithoutIommu, "/etc/modprobe.d/iommu.conf:2")),

        new("driverctl", [("etc/driverctl.d/0000:01:00.0", "vfio-pci\n")], "", (Code.Driverctl, "/etc/driverctl.d/0000:01:00.0:1")),

        new(
            "rules that set an override",
            [("etc/udev/rules.d/10-vfio.rules", "SUBSYSTEM==\"pci\", KERNEL==\"0000:01:00.[01]\", ATTR{driver_override}=\"vfio-pci\"\n")],
            "",
            (Code.UdevDriverOverride, "/etc/udev/rules.d/10-vfio.rules:1")),

        new(
            "a rule that runs a script",
            [
                (
                    "etc/udev/rules.d/99-gpu.rules",
                    "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", RUN+=\"/usr/local/sbin/to-vfio %k\"\n"),
                ("usr/local/sbin/to-vfio*", "#!/bin/sh\necho $1 > /sys/bus/pci/drivers/nvidia/unbind\n"),
            ],
            "",
            (Code.UdevMovesCard, "/etc/udev/rules.d/99-gpu.rules:1"),
            (Code.SwitchScript, "/usr/local/sbin/to-vfio")),

        new(
            "a seat of its own by loginctl attach",
            [(
                "etc/udev/rules.d/72-seat-drm-pci-0000_01_00_0.rules",
                "TAG==\"seat\", ENV{ID_FOR_SEAT}==\"drm-pci-0000_01_00_0\", ENV{ID_SEAT}=\"seat1\"\n")],
            "",
            (Code.UdevSeat, "/etc/udev/rules.d/72-seat-drm-pci-0000_01_00_0.rules:1")),

        new(
            "a method to reset",
            [(
                "etc/udev/rules.d/99-vendor-reset.rules",
                "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{reset_method}=\"device_specific\"\n")],
            "",
            (Code.UdevResetMethod, "/etc/udev/rules.d/99-vendor-reset.rules:1")),

        new(
            "the dispatcher of guests' scripts",
            [
                    ("etc/libvirt/hooks/qemu*", Dispatcher),
                    ("etc/libvirt/hooks/qemu.d/win10/prepare/begin/start.sh*", Start),
                    ("etc/libvirt/hooks/qemu.d/win10/release/end/revert.sh", Start),
                ],
            "",
            (Code.HookMovesCard, "/etc/libvirt/hooks/qemu.d/win10/prepare/begin/start.sh"),
            (Code.HookCallsLibvirt, "/etc/libvirt/hooks/qemu.d/win10/prepare/begin/start.sh")),

        new(
            "scripts in /bin that the hook calls",
            [
                (
                    "etc/libvirt/hooks/qemu*",
                    "#!/bin/bash\nif [[ $1 == \"win10\" ]]; then if [[ $2 == \"prepare\" ]]; then /bin/vfio-startup.sh; fi; fi\n"),
                ("usr/bin/vfio-startup.sh*", Start),
            ],
            "",
            (Code.HookMovesCard, "/usr/bin/vfio-startup.sh"),
            (Code.HookCallsLibvirt, "/usr/bin/vfio-startup.sh")),

        new(
            "a laptop's card taken off the bus by envycontrol",
            [
                    (
                        "etc/modprobe.d/blacklist-nvidia.conf",
                        "# Automatically generated by EnvyControl\nblacklist nouveau\nblacklist nvidia\nblacklist nvidia_drm\nalias "
                            + "nouveau off\nalias nvidia off\n"),
                    (
                        "lib/udev/rules.d/50-remove-nvidia.rules",
                        "ACTION==\"add\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", ATTR{class}==\"0x03[0-9]*\", "
                            + "ATTR{power/control}=\"auto\", ATTR{remove}=\"1\"\n"),
                    ("var/cache/envycontrol/cache.json", "{}\n"),
                ],
            "",
            (Code.DriverBlacklisted, "/etc/modprobe.d/blacklist-nvidia.conf:2"),
            (Code.DriverForbidden, "/etc/modprobe.d/blacklist-nvidia.conf:5"),
            (Code.UdevRemovesDevice, "/lib/udev/rules.d/50-remove-nvidia.rules:1"),
            (Code.LaptopSwitcher, "/lib/udev/rules.d/50-remove-nvidia.rules")),

        new(
            "X drawing with the card, by optimus-manager",
            [(
                    "etc/X11/xorg.conf.d/10-optimus-manager.conf",
                    "Section \"Device\"\n  Identifier \"nvidia\"\n  Driver \"nvidia\"\n  BusID \"PCI:1:0:0\"\nEndSection\n")],
            "",
            (Code.XorgNamesCard, "/etc/X11/xorg.conf.d/10-optimus-manager.conf:1"),
            (Code.LaptopSwitcher, "/etc/X11/xorg.conf.d/10-optimus-manager.conf")),

        new(
            "system76-power without the card",
            [(
                "etc/modprobe.d/system76-power.conf",
                "# Automatically generated by system76-power\nblacklist i2c_nvidia_gpu\nalias i2c_nvidia_gpu off\n")],
            "",
            (Code.LaptopSwitcher, "/etc/modprobe.d/system76-power.conf")),

        new(
            "supergfxd",
            [
                ("etc/supergfxd.conf", "{\"mode\": \"Vfio\", \"vfio_enable\": true}\n"),
                (
                    "etc/udev/rules.d/90-supergfxd-nvidia-pm.rules",
                    "ACTION==\"bind\", SUBSYSTEM==\"pci\", ATTR{vendor}==\"0x10de\", TEST==\"power/control\", "
                        + "ATTR{power/control}=\"auto\"\n"),
            ],
            "",
            (Code.Supergfxd, "/etc/supergfxd.conf"),
            (Code.Supergfxd, "/etc/udev/rules.d/90-supergfxd-nvidia-pm.rules")),

        new(
            "supergfxd that runs",
            [
                ("etc/supergfxd.conf", "{\"mode\": \"Vfio\"}\n"),
                ("etc/systemd/system/getty.target.wants/supergfxd.service", "-> /usr/lib/systemd/system/supergfxd.service"),
            ],
            "",
            (Code.Supergfxd, "/etc/supergfxd.conf")),

        new("asusd", [("etc/asusd/asusd.conf", "{\"gfx_vfio_enable\": true}\n")], "", (Code.Asusd, "/etc/asusd/asusd.conf")),
        new(
            "a guest of Proxmox without a hookscript",
            [("etc/pve/qemu-server/100.conf", "name: win11\nhostpci0: 0000:01:00,pcie=1\n")],
            "",
            (Code.ProxmoxHostpci, "/etc/pve/qemu-server/100.conf:2")),
        new("Cardwire", [("etc/cardwire/cardwire.toml", "\n")], "", (Code.Cardwire, "/etc/cardwire/cardwire.toml")),
        new(
            "other switchers",
            [
                ("etc/gpupt/profiles.ini", "[win11]\n"),
                ("usr/lib/gpu-hotswitch-vfio/run.sh", "\n"),
                ("etc/vfio.conf", "CARD=0000:01:00.0\n"),
            ],
            "",
            (Code.OtherSwitcher, "/etc/gpupt"),
            (Code.OtherSwitcher, "/usr/lib/gpu-hotswitch-vfio"),
            (Code.OtherSwitcher, "/etc/vfio.conf")),

        new(
            "the graphical manager of passthrough",
            [
                ("etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:2684,10de:22ba\n"),
                ("etc/dracut.conf.d/10-vfio.conf", "force_drivers+=\" vfio-pci vfio vfio_iommu_type1 vfio_virqfd \"\n"),
            ],
            "rd.driver.pre=vfio-pci",
            (Code.VfioIds, "/etc/modprobe.d/vfio.conf:1")),

        new("an override that nobody took back", [], "", (Code.StrayOverride, ""))
        {
            Kernel = tree => tree.Attribute("0000:01:00.0", "driver_override", "vfio-pci\n"),
        },
        new("ids written into new_id", [], "", (Code.DynamicId, ""))
        {
            Kernel = tree =>
            {
                File.Delete(tree.At("sys/devices/pci0000:00/0000:01:00.0/driver"));
                tree.Driver("0000:01:00.0", "vfio-pci", "vfio_pci");
            },
        },
    ];
}
