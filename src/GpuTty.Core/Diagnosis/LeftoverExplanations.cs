namespace GpuTty.Diagnosis;

/// <summary>The explanation of each thing that can be found.</summary>
public static class LeftoverExplanations
{
    private const string ModprobeD = "modprobe.d(5)",
        Parameters = "kernel: Documentation/admin-guide/kernel-parameters.txt",
        Udev = "udev(7)",
        Unit = "systemd.service(5)",
        Hooks = "https://libvirt.org/hooks.html";
    private const string Override = "kernel: Documentation/ABI/testing/sysfs-bus-pci (driver_override)",
        Vfio = "kernel: Documentation/driver-api/vfio.rst",
        Ids = "kernel: drivers/vfio/pci/vfio_pci.c (ids)";

    public static Explanation Of(DiagnosisCode code) => code switch
    {
        DiagnosisCode.DriverBlacklisted =>
            new(
                "A blacklist keeps a device's own name from loading a module when the device is found. "
                    + "It does not keep modprobe from loading the module by its name, nor another module that needs it. "
                    + "gputty loads what the card had before it went away, so a switch to the host works; "
                    + "but after each start of the machine the card has no driver until one is loaded. "
                    + "Lines that an initramfs has a copy of count until it is built anew.",
                ModprobeD),
        DiagnosisCode.DriverForbidden =>
            new(
                "An install line runs another command in place of loading the module; /bin/false and /bin/true load nothing. "
                    + "An alias to off, and module_blacklist= of the kernel, have the same effect. Unlike a blacklist, "
                    + "this also stops a module that is loaded by its name, so no program can bring the card back to the host while "
                    + "the line is there.",
                $"{ModprobeD}; {Parameters} (module_blacklist)"),
        DiagnosisCode.UsbBlacklisted =>
            new(
                "Some recipes blacklist the drivers of the card's USB-C controller, xhci_pci among them. "
                    + "That driver is not the card's: every USB controller of the machine has it. "
                    + "Where the kernel has it built in nothing happens; where it is a module the machine starts without keyboard and "
                    + "mouse.",
                ModprobeD),
        DiagnosisCode.ModesetOff =>
            new(
                "Without mode setting nvidia_drm offers no screens, so no Wayland desktop can show anything on the card. "
                    + "A desktop opens the card's other nodes through EGL anyway, so this does not keep it off. "
                    + "The drivers of the kernel itself do nothing at all with modeset=0. To keep a desktop off a card: "
                    + "gputty keep-off on.",
                "NVIDIA driver README, chapter Direct Rendering Manager Kernel Modesetting; kernel: drivers/gpu/drm/drm_drv.c"),
        DiagnosisCode.NvidiaFirmwareOff =>
            new(
                "NVreg_EnableGpuFirmware=0 has NVIDIA's closed modules do without the GPU System Processor. "
                    + "The open modules have no such way: with them the card does not start, and newer cards have only the open ones.",
                "NVIDIA driver README, chapter GSP Firmware"),
        DiagnosisCode.NvidiaMemoryNotCleared =>
            new(
                "NVIDIA's driver clears memory of the system before programs get it. NVreg_InitializeSystemMemoryAllocations=0 saves "
                    + "that time, and lets a program see what was in the memory before. "
                    + "It has nothing to do with who may open the card, or with unloading the driver.",
                "NVIDIA open kernel modules: kernel-open/nvidia/nv-reg.h"),
        DiagnosisCode.VfioIds =>
            new(
                "ids= gives vfio-pci (or pci-stub) ids that it takes besides its own table, as soon as it is registered. "
                    + "It takes all devices with such ids: also the second of two equal cards, and the sound of another one. "
                    + "Whether the card is there after a start depends on which driver is loaded first, "
                    + "hence softdep and early loading. gputty needs none of it: it brings such a card to the host by an override that "
                    + "names the host's driver, and gives it back in the same way; after the next start it is with vfio-pci again.",
                Ids),
        DiagnosisCode.VfioSoftdep =>
            new(
                "A softdep has modprobe load vfio-pci before the driver of the card, so that the ids= of vfio-pci win. "
                    + "Without ids= nothing follows from it. It does not disturb a switch.",
                ModprobeD),
        DiagnosisCode.VfioAlias =>
            new(
                "An alias from a device's own name to vfio-pci has the machine load vfio-pci when the device is found, "
                    + "in place of its driver. vfio-pci then still needs ids= or an override to take the device; "
                    + "without them it stays without any driver. gputty loads the host's driver by its name.",
                ModprobeD),
        DiagnosisCode.VfioInstallCommand =>
            new(
                "An install line for vfio-pci runs a script each time vfio-pci is loaded: at boot, by libvirt, "
                    + "and by gputty as a step of a switch. The script sets the overrides of fixed addresses, "
                    + "which move when a card is added or a slot is changed, and it does so for cards that were not meant.",
                ModprobeD),
        DiagnosisCode.VfioOptions =>
            new(
                "disable_vga, disable_idle_d3, enable_sriov and nointxmask change how vfio-pci treats devices that it has: "
                    + "legacy VGA regions, power saving while no guest runs, virtual functions, old interrupts. "
                    + "None of them is in the way of a switch. disable_idle_d3 helps with a few cards that do not wake up, "
                    + "and costs power.",
                "kernel: drivers/vfio/pci/vfio_pci.c (module parameters)"),
        DiagnosisCode.UnsafeInterrupts =>
            new(
                "Without interrupt remapping a device that belongs to a guest can write any message-signalled interrupt of the host. "
                    + "allow_unsafe_interrupts says that this is accepted. Where the IOMMU can remap interrupts, "
                    + "as nearly all since 2012 can, the option does nothing and can go.",
                Vfio),
        DiagnosisCode.VfioWithoutIommu =>
            new(
                "In no-IOMMU mode vfio hands out devices that can read and write all memory of the host. "
                    + "KVM cannot give such a device to a guest at all; it is for programs like DPDK. The kernel marks itself as tainted.",
                Vfio),
        DiagnosisCode.VfioAtBoot =>
            new(
                "Modules that are named for the initramfs, or in modules-load.d, are loaded at each start before or beside others. "
                    + "For vfio-pci this matters only together with ids=, or with a script that sets overrides: "
                    + "then the card is with vfio-pci before its own driver is there.",
                "modules-load.d(5); initramfs-tools(7), mkinitcpio.conf(5), dracut.conf(5)"),
        DiagnosisCode.InitramfsScript =>
            new(
                "A script in the initramfs, or one that modprobe runs there, writes vfio-pci into driver_override of fixed addresses "
                    + "before any other driver is loaded. The card is with vfio-pci after each start; "
                    + "the override stays and sends the card back at each probe. gputty notes the override, "
                    + "and puts it back after the way back only where it names the host's driver.",
                Override),
        DiagnosisCode.Driverctl =>
            new(
                "driverctl keeps an override for a device in /etc/driverctl.d and sets it whenever udev sees the device: at boot, "
                    + "after a rescan, after a hot-plug. gputty's override is gone then, or driverctl's. Either is enough; "
                    + "for a card that shall move while the machine runs, take it out of driverctl.",
                "driverctl(8)"),
        DiagnosisCode.LibvirtManaged =>
            new(
                "With managed='yes' libvirt itself unbinds the device from its driver when a guest starts and binds it again when the "
                    + "guest stops. It does not look who uses the card, and unbinding a graphics driver that is in use can hang in the "
                    + "kernel forever. With managed='no' libvirt expects the card at vfio-pci, where gputty puts it.",
                "https://libvirt.org/formatdomain.html (hostdev)"),
        DiagnosisCode.Supergfxd =>
            new(
                "supergfxd switches the added card of a laptop between modes, one of which is vfio: it unbinds drivers, "
                    + "removes the card from the bus and writes modprobe.d. It is no longer developed. "
                    + "What it has written stays when the package is removed.",
                "https://gitlab.com/asus-linux/supergfxctl"),
        DiagnosisCode.Asusd =>
            new(
                "Older asusd could give a laptop's added card to vfio-pci as one of its graphics modes. "
                    + "While that is allowed in its settings, it may move the card beside gputty.",
                "https://gitlab.com/asus-linux/asusctl"),
        DiagnosisCode.Cardwire =>
            new(
                "Cardwire hides a card from programs by eBPF instead of moving it. A program that does not see the card does not hold "
                    + "it, which makes a switch easier; but one that is started after the card has been returned may not see it either, "
                    + "until the mode is set back.",
                "https://github.com/OpenGamingCollective/cardwire"),
        DiagnosisCode.LaptopSwitcher =>
            new(
                "envycontrol, prime-select, optimus-manager and system76-power switch a laptop's NVIDIA card on and off by files that "
                    + "count at the next start: a blacklist, a rule that removes the card from the bus, settings of Xorg. "
                    + "While the card is off there is nothing that could be given away. "
                    + "Switch the mode with the same program to one in which the card is there.",
                "https://github.com/bayasdev/envycontrol; prime-select(1)"),
        DiagnosisCode.OtherSwitcher =>
            new(
                "Another program that gives cards to virtual machines is set up on this machine. "
                    + "It keeps its own notes of how a card was. If both move one card, "
                    + "each finds it in a state that it does not know, and only one of them can be right on the way back.",
                "the documentation of that program"),
        DiagnosisCode.SwitchScript =>
            new(
                "A script of the administrator's own binds drivers, or takes cards off the bus. Run by hand it does in a fixed order, "
                    + "with fixed waits and addresses, what gputty does by looking: a driver that is in use is unbound, "
                    + "and what fails is not rolled back. It does no harm unless it is run.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci"),
        DiagnosisCode.UdevDriverOverride =>
            new(
                "A rule may write driver_override each time udev sees a device. A rule without ACTION is applied to every event, "
                    + "the ones that a switch itself causes among them; one for add is applied at boot and after a rescan. "
                    + "The override decides which driver may take the device at the next probe.",
                $"{Udev}; {Override}"),
        DiagnosisCode.UdevRemovesDevice =>
            new(
                "Writing 1 to remove takes a function off the bus until the next rescan. "
                    + "A rule that does so when the function is added makes the card disappear at each start before any driver can use "
                    + "it. lspci does not show it any more.",
                $"{Udev}; kernel: Documentation/ABI/testing/sysfs-bus-pci (remove)"),
        DiagnosisCode.UdevDisablesDevice =>
            new(
                "The attribute enable counts how often a function has been switched on. "
                    + "Writing 0 is refused where a driver has the function, and has no lasting effect where none has: "
                    + "the driver switches it on when it takes it. It does not keep a desktop off.",
                "kernel: drivers/pci/pci-sysfs.c (enable_store)"),
        DiagnosisCode.UdevMovesCard =>
            new(
                "Programs that a rule runs are part of handling the event: udev waits for them, and ends them after a while. "
                    + "A rule that binds or unloads drivers answers to the very events that binding causes, "
                    + "so it may work against gputty in the middle of a switch.",
                $"{Udev} (RUN)"),
        DiagnosisCode.UdevNodePermissions =>
            new(
                "A desktop does not open a card's node with its own permissions: logind opens it as root and hands the descriptor "
                    + "over. Mode 0000 therefore keeps no desktop off, but it takes the node from programs that you start yourself. "
                    + "What keeps a desktop off is the seat: gputty keep-off on.",
                "org.freedesktop.login1(5) (TakeDevice)"),
        DiagnosisCode.UdevEditsEnvironment =>
            new(
                "A rule that appends to /etc/environment does so at each event: at every start, and each time a driver binds. "
                    + "Variables of that file are read at login, so it does not change a desktop that runs.",
                $"{Udev}; pam_env(8)"),
        DiagnosisCode.UdevSeat =>
            new(
                "The tags seat, master-of-seat and uaccess, and ID_SEAT, decide which seat's sessions may open a device. "
                    + "A rule of another hand may send the card to a seat that is not used, or undo what gputty keep-off sets. "
                    + "loginctl attach writes such rules; loginctl flush-devices removes all of them.",
                "sd-login(3); loginctl(1) (attach)"),
        DiagnosisCode.UdevResetMethod =>
            new(
                "reset_method says in which ways the kernel may reset a function, in order. Guests rely on a reset between two runs. "
                    + "A module such as vendor-reset is chosen by device_specific; where it is not loaded that leaves no way to reset "
                    + "at all.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (reset_method)"),
        DiagnosisCode.EnvironmentIgnored =>
            new(
                "No version of mutter reads GNOME_MUTTER_IGNORE_DEVICE. mutter leaves a card alone where udev has given it the tag "
                    + "mutter-device-ignore. gputty keep-off on works for every desktop, because it takes the card off the seat.",
                "mutter: doc/multi-gpu.md; udev(7)"),
        DiagnosisCode.DesktopNoRestart =>
            new(
                "Restart=no keeps systemd from starting the display manager again when it ends by itself. "
                    + "Recipes that kill it need this; gputty stops the unit, which never restarts it, and starts it at the end. "
                    + "With the drop-in a display manager that crashes later stays stopped until it is started by hand.",
                $"{Unit} (Restart=)"),
        DiagnosisCode.UnitTouchesCard =>
            new(
                "A service of the administrator's own changes drivers, consoles or nodes of graphics cards when the machine starts. "
                    + "Writing 0 to vtconsole takes the text consoles away, which are the way back when a desktop does not come up. "
                    + "A service with Conflicts=multi-user.target stops that target as well.",
                $"{Unit}; kernel: Documentation/driver-api/console.rst (vtconsole)"),
        DiagnosisCode.HookDispatcher =>
            new(
                "This hook, as several guides have it, runs every executable script below qemu.d/GUEST/OPERATION/SUB-OPERATION. "
                    + "libvirt itself, since 6.5, also runs the executables that lie directly in qemu.d. "
                    + "Both work beside gputty's own hook.",
                Hooks),
        DiagnosisCode.HookMovesCard =>
            new(
                "libvirt runs all hooks, one after the other, however another one ends. A script that stops the desktop, "
                    + "unloads or binds drivers does so also when gputty has the card at vfio-pci already; "
                    + "on the way back it may unload vfio-pci, bind the framebuffer of the firmware, "
                    + "or start the desktop before the driver is there. Black screens after a guest's end have this cause more often "
                    + "than any other.",
                Hooks),
        DiagnosisCode.HookCallsLibvirt =>
            new(
                "While a hook runs, libvirt holds the job of the guest and waits. A call of virsh from within the hook may wait for "
                    + "that job: both wait forever, and libvirt does not answer any more.",
                $"{Hooks} (Calling libvirt functions from within a hook script)"),
        DiagnosisCode.HookRunsTwice =>
            new(
                "libvirt calls a hook several times for one start: prepare, start, started; and for one stop: stopped, release. "
                    + "A script that treats two of them alike does everything twice, the second time on a card that has moved already.",
                $"{Hooks} (/etc/libvirt/hooks/qemu)"),
        DiagnosisCode.HookNotExecutable =>
            new(
                "libvirt runs only hooks that may be executed. This one may not, or nothing leads to it, so it does nothing; "
                    + "it begins to count when it is made executable.",
                Hooks),
        DiagnosisCode.AcsOverride =>
            new(
                "pcie_acs_override is a patch that kernels of some distributions have: "
                    + "it has the kernel believe that ports part devices which they do not part. The groups get smaller, "
                    + "but devices of one real group still reach each other without the IOMMU seeing it. "
                    + "Kernels without the patch do not know the parameter.",
                "kernel: Documentation/driver-api/vfio.rst (groups)"),
        DiagnosisCode.ConsoleParameter =>
            new(
                "Recipes turn the firmware's framebuffer off so that it does not keep the card's memory. "
                    + "gputty takes the framebuffer off the card itself, where it is in the way. "
                    + "With the parameter there is no picture between the boot loader and the graphics driver, so an error there, "
                    + "or the question for a disk's passphrase, cannot be seen.",
                $"{Parameters} (video=, initcall_blacklist=)"),
        DiagnosisCode.Nomodeset =>
            new(
                "With nomodeset the kernel's graphics drivers (amdgpu, i915, xe, nouveau, radeon) refuse to take a card. "
                    + "A card that is returned to the host then has no driver, and a desktop runs without acceleration on the "
                    + "firmware's framebuffer.",
                $"{Parameters} (nomodeset)"),
        DiagnosisCode.XorgNamesCard =>
            new(
                "A section Device with the driver or the address of a card has Xorg draw with that card. "
                    + "While the card is with a virtual machine Xorg finds no screen and ends, so the login screen does not come up, "
                    + "where it is one of X. Without such a file Xorg takes the cards that are there.",
                "xorg.conf(5) (DEVICE SECTION)"),
        DiagnosisCode.StrayOverride =>
            new(
                "driver_override names the only driver that may take a function. One that differs from the bound driver does nothing "
                    + "until the function is probed again: then the named driver takes it, or, where there is none of that name, "
                    + "no driver at all, and a bind fails with No such device.",
                Override),
        DiagnosisCode.DynamicId =>
            new(
                "Writing ids into new_id teaches a driver to take every device with these ids, "
                    + "until they are written into remove_id or the driver is unloaded. They cannot be read. "
                    + "On the way to the host such a card may go back to vfio-pci at once; "
                    + "gputty therefore names the host's driver in an override.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (new_id, remove_id)"),
        DiagnosisCode.Firmware =>
            new(
                "With UEFI a card's own firmware has a part (GOP) that a guest with UEFI can start, "
                    + "so it shows a picture before its driver. A machine that has started in the old way may have run the card's VGA "
                    + "BIOS instead, which leaves the card in a state that some guests do not like. "
                    + "Secure Boot decides about modules that the kernel loads, not about vfio.",
                "kernel: Documentation/admin-guide/efi-stub.rst; UEFI specification 12.9"),
        DiagnosisCode.Lockdown =>
            new(
                "A locked-down kernel loads only modules with a signature that it knows, "
                    + "and keeps programs from writing to the hardware behind its back. "
                    + "Drivers and overrides are still bound and written through sysfs, and vfio works. "
                    + "Modules that are built on the machine itself, such as NVIDIA's, vendor-reset or kvmfr, "
                    + "need a key that the firmware knows.",
                "kernel_lockdown(7); kernel: Documentation/admin-guide/module-signing.rst"),
        DiagnosisCode.InterruptsNotRemapped =>
            new(
                "A device sends its interrupts as writes to memory. Only an IOMMU that remaps them can tell which device may raise "
                    + "which interrupt, so vfio refuses devices where it does not, unless vfio_iommu_type1 is loaded with "
                    + "allow_unsafe_interrupts=1. /proc/interrupts names the controllers IR-IO-APIC where it does.",
                "kernel: drivers/vfio/vfio_iommu_type1.c; kernel: Documentation/admin-guide/kernel-parameters.txt (intremap)"),
        DiagnosisCode.NvidiaDriver =>
            new(
                "NVIDIA's driver comes as open and as closed modules; the newest cards have only the open ones. "
                    + "With modeset nvidia_drm offers the card's screens to desktops, and with fbdev also a framebuffer for the text "
                    + "consoles, which holds the card until it has moved to another one.",
                "NVIDIA driver README, chapters Open Linux Kernel Modules and Direct Rendering Manager Kernel Modesetting"),
        DiagnosisCode.PcieWidth =>
            new(
                "A card that has fewer lanes than it could use gets less data through. The guest has the same link. "
                    + "Fewer lanes come from the slot, from a second card or disk that shares them, from a riser, "
                    + "or from a bad contact. The speed of a link is not looked at, because cards lower it while they have nothing to do.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (current_link_width)"),
        DiagnosisCode.ResizableBar =>
            new(
                "With a resizable BAR all memory of the card can be reached at once. A guest sees the size that the BAR has when "
                    + "vfio-pci takes the card; its own firmware needs a window for 64-bit addresses that is large enough. "
                    + "Where a guest does not start with a large BAR, a smaller one can be set through resourceN_resize while no "
                    + "driver has the card.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (resourceN_resize)"),
        DiagnosisCode.NoReset =>
            new(
                "Between two guests, and on the way to the host, a function has to be reset, "
                    + "or the next driver finds it as the last one has left it. reset_method lists the ways that the kernel knows for "
                    + "a function: its own (flr), by power (pm), through the bridge above (bus), or one made for the device. "
                    + "Without any, vfio starts a guest with the function as it is.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (reset_method)"),
        DiagnosisCode.ParameterNotStarted =>
            new(
                "The kernel command line is written down in one place and read by the boot loader from another. "
                    + "A parameter that was written after the last start, or that nothing has taken over to the boot loader's own "
                    + "files yet, does not count; the running kernel's is in /proc/cmdline.",
                "kernel-command-line(7); grub-mkconfig(8); kernel-install(8)"),
        DiagnosisCode.InitramfsOutdated =>
            new(
                "The initramfs has its own copies of modprobe.d, and modules are loaded from it by these, "
                    + "before the root file system is there. A file that was changed or removed later counts as it was when the image "
                    + "was built, until it is built anew.",
                "initramfs-tools(7); dracut(8); mkinitcpio(8)"),
        DiagnosisCode.InitramfsModules =>
            new(
                "Modules in the initramfs are loaded before the root file system is there, "
                    + "so before udev's rules and services of the real system. A graphics driver there takes its cards first; "
                    + "vfio-pci there takes the ids that modprobe.d in the image names.",
                "initramfs-tools(7); dracut.conf(5); mkinitcpio.conf(5)"),
        DiagnosisCode.InitramfsUnread =>
            new(
                "To list an image the tool that built it has to unpack it, which takes a second or more, "
                    + "so it is done only where it is asked for. Otherwise it is unknown whether copies in it are those that are on "
                    + "the disk.",
                "lsinitramfs(8); lsinitrd(1); lsinitcpio(1)"),
        DiagnosisCode.IommuFirmware =>
            new(
                "The firmware describes an IOMMU in a table of its own: DMAR for Intel's VT-d, IVRS for AMD's. "
                    + "Without the table the kernel cannot use one, whatever its command line says. "
                    + "Some kernels leave Intel's off until intel_iommu=on; AMD's is on unless it is forbidden.",
                "kernel: Documentation/arch/x86/iommu.rst; kernel: Documentation/admin-guide/kernel-parameters.txt (intel_iommu, "
                    + "amd_iommu)"),
        DiagnosisCode.CpuVirtualization =>
            new(
                "KVM needs the processor's own virtualization, which is a switch of the firmware apart from that of the IOMMU: "
                    + "VT-x (vmx) or AMD-V (svm). It has nothing to do with moving a card, but without it no virtual machine runs with it.",
                "kernel: Documentation/virt/kvm/x86/running-nested-guests.rst; /proc/cpuinfo, proc(5)"),
        DiagnosisCode.VfioKernel =>
            new(
                "A device that vfio-pci has is handed to a guest through its group (/dev/vfio/N) or, on newer kernels, "
                    + "by itself through iommufd (/dev/iommu). QEMU and libvirt use groups unless the other is asked for.",
                $"{Vfio}; kernel: Documentation/userspace-api/iommufd.rst"),
        DiagnosisCode.ConsoleDrawnBy =>
            new(
                "The card that the firmware has started with has the attribute boot_vga. Text consoles are drawn there by efifb, "
                    + "vesafb or simpledrm until the card's own driver takes over. Where such an early driver still draws, "
                    + "the card's memory is not free.",
                "kernel: Documentation/fb/fbcon.rst; kernel: drivers/video/aperture.c"),
        DiagnosisCode.CardDriver =>
            new(
                "Each function of a card has a driver of its own: graphics, sound, USB. "
                    + "All of them go to vfio-pci together and come back to these. Modules from outside the kernel, such as NVIDIA's, "
                    + "have a version that has to fit what programs were built for.",
                "kernel: Documentation/driver-api/driver-model/binding.rst"),
        DiagnosisCode.NvidiaPersistence =>
            new(
                "Without programs NVIDIA's driver puts a card into its first state again and loses settings. "
                    + "nvidia-persistenced prevents this by holding the cards open, so it is a holder like any other.",
                "nvidia-persistenced(1)"),
        DiagnosisCode.CardPower =>
            new(
                "An unused card may sleep: in D3hot it still answers, in D3cold its power is off. "
                    + "Asking for its link or its memory window would wake it, for nothing but a line of text. "
                    + "A driver that binds wakes it by itself.",
                "kernel: Documentation/power/pci.rst"),
        DiagnosisCode.PcieLink =>
            new(
                "Width and speed of the link are agreed on between slot and card. The width stays; "
                    + "the speed falls when a card idles and rises when it works. A guest has the same link.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (current_link_speed)"),
        DiagnosisCode.ResetMethods =>
            new(
                "Between two guests, and on the way to the host, a function is reset, in the first of these ways that works. "
                    + "A function-level reset (flr) is the best. bus resets everything in the slot together. "
                    + "pm only lets it sleep and wake, which many cards keep their state over, so that the next driver may fail.",
                "kernel: Documentation/ABI/testing/sysfs-bus-pci (reset_method)"),
        DiagnosisCode.Compositor =>
            new(
                "A desktop opens every card of its seat. Whether it closes one again when udev says that it goes depends on the "
                    + "program and on the card's driver; what is said here was seen, or read in their sources and reports. "
                    + "Where it does not, the session has to end before the card can go, or never have opened it.",
                "https://gitlab.gnome.org/GNOME/mutter/-/issues/710; "
                    + "https://gitlab.freedesktop.org/wlroots/wlroots/-/merge_requests/4323; gputty(1) (keep-off)"),
        DiagnosisCode.SoundServer =>
            new(
                "An open sound device keeps the driver of the card's sound function busy, and unbinding it then waits forever. "
                    + "Sound servers open a device when something plays, and some seconds longer.",
                "https://docs.pipewire.org; gputty(1) (switch)"),
        DiagnosisCode.ContainerHoldsCard =>
            new(
                "Programs in a container hold a card as others do. The container manager (docker, podman, "
                    + "kubelet) starts it again when its program is ended, so it is best stopped by that.",
                "docker-stop(1); podman-stop(1)"),
        DiagnosisCode.LockableMemory =>
            new(
                "A card in a guest reads and writes the guest's memory by itself, so all of it is locked: "
                    + "type1 counts it against RLIMIT_MEMLOCK of the process, iommufd against that of the user. "
                    + "libvirt raises the limit for guests of the system. pam_limits does not reach what the user's own service "
                    + "manager starts.",
                "getrlimit(2); systemd.exec(5) (LimitMEMLOCK=)"),
        DiagnosisCode.HugePages =>
            new(
                "Huge pages that are set aside are for programs that ask for them, such as guests with memoryBacking/hugepages. "
                    + "A guest does not start where there are too few, and other programs cannot use them.",
                "kernel: Documentation/admin-guide/mm/hugetlbpage.rst"),
        DiagnosisCode.Kvmfr =>
            new(
                "kvmfr is a module of Looking Glass that gives the guest's picture to the host through shared memory. "
                    + "Its size is fixed when it is loaded (static_size_mb) and has to be the same in the guest's description.",
                "https://looking-glass.io/docs/ (IVSHMEM with the KVMFR module)"),
        DiagnosisCode.GuestRom or DiagnosisCode.GuestHugePages or DiagnosisCode.GuestSharedMemory or DiagnosisCode.SharedMemoryOwner =>
            GuestExplanations.Of(code),
        DiagnosisCode.GuestLacksFunction =>
            new(
                "A card is several functions in one slot. All of them go to vfio-pci, but the guest sees those that its description "
                    + "names. A card without its sound or USB function may work; some drivers refuse it, or it cannot be reset.",
                "https://libvirt.org/formatdomain.html (hostdev)"),
        _ => new(
            "modprobe.d, udev's rules, systemd's units, libvirt's hooks, the initramfs's settings, Xorg's files, "
                + "the kernel command line and the overrides in the kernel were looked at, "
                + "and nothing that other recipes leave there is in the way of a switch.",
            "gputty(1)"),
    };
}
