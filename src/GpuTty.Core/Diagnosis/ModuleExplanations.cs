namespace GpuTty.Diagnosis;

/// <summary>What is found in modprobe.d(5), explained.</summary>
internal static class ModuleExplanations
{
    private const string ModprobeD = "modprobe.d(5)";
    private const string Parameters = "kernel: Documentation/admin-guide/kernel-parameters.txt";
    private const string Vfio = "kernel: Documentation/driver-api/vfio.rst";

    private const string Ids = "kernel: drivers/vfio/pci/vfio_pci.c (ids)";

    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
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
        _ => null,
    };
}
