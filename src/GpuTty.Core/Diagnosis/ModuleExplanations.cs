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
                "A blacklist keeps a module from being loaded automatically when its device is found. It does not keep modprobe "
                    + "from loading the module by its name, or because another module needs it. gputty loads what the card had before "
                    + "it went away, so a switch to the host works; but after each boot the card has no driver until one is loaded. "
                    + "Lines that were copied into an initramfs have effect until it is rebuilt.",
                ModprobeD),
        DiagnosisCode.DriverForbidden =>
            new(
                "An install line runs another command in place of loading the module; /bin/false and /bin/true load nothing. An "
                    + "alias to off, and module_blacklist= on the kernel command line, have the same effect. Unlike a blacklist, this "
                    + "also stops a module from being loaded by its name, so no program can return the card to the host while the line "
                    + "is there.",
                $"{ModprobeD}; {Parameters} (module_blacklist)"),
        DiagnosisCode.UsbBlacklisted =>
            new(
                "Some recipes blacklist the drivers of the card's USB-C controller, xhci_pci among them. That driver is not the "
                    + "card's alone: every USB controller of the machine uses it. If it is built into the kernel, the line has no "
                    + "effect; if it is a module, the machine boots without keyboard and mouse.",
                ModprobeD),
        DiagnosisCode.ModesetOff =>
            new(
                "Without mode setting, nvidia_drm offers no outputs, so no Wayland desktop can show anything on the card. A "
                    + "desktop opens the card's other nodes through EGL anyway, so this does not keep it off. The kernel's own graphics "
                    + "drivers do not bind to any card with modeset=0. To keep a desktop off a card: gputty keep-off on.",
                "NVIDIA driver README, chapter Direct Rendering Manager Kernel Modesetting; kernel: drivers/gpu/drm/drm_drv.c"),
        DiagnosisCode.NvidiaFirmwareOff =>
            new(
                "NVreg_EnableGpuFirmware=0 makes NVIDIA's closed modules work without the GPU System Processor (GSP). The open "
                    + "modules cannot do that: with them the card does not start, and newer cards work only with the open ones.",
                "NVIDIA driver README, chapter GSP Firmware"),
        DiagnosisCode.NvidiaMemoryNotCleared =>
            new(
                "NVIDIA's driver clears system memory before programs get it. NVreg_InitializeSystemMemoryAllocations=0 saves "
                    + "that time, and lets a program see what was in the memory before. It has nothing to do with who may open the "
                    + "card, or with unloading the driver.",
                "NVIDIA open kernel modules: kernel-open/nvidia/nv-reg.h"),
        DiagnosisCode.VfioIds =>
            new(
                "ids= makes vfio-pci (or pci-stub) take the devices with these ids as soon as it is registered: all of them, also "
                    + "the second of two identical cards, and the sound function of another one. Whether it gets the card at boot "
                    + "depends on which driver is loaded first, hence softdep and early loading. gputty needs none of it: it returns "
                    + "such a card to the host by an override that names the host driver, and gives it away in the same way; after the "
                    + "next boot it is bound to vfio-pci again.",
                Ids),
        DiagnosisCode.VfioSoftdep =>
            new(
                "A softdep makes modprobe load vfio-pci before the driver of the card, so that the ids= of vfio-pci win. Without "
                    + "ids= it has no effect. It does not disturb a switch.",
                ModprobeD),
        DiagnosisCode.VfioAlias =>
            new(
                "An alias from a device's own name to vfio-pci makes the machine load vfio-pci when the device is found, in place "
                    + "of its driver. vfio-pci then still needs ids= or an override to take the device; without them the device has no "
                    + "driver. gputty loads the host driver by its name.",
                ModprobeD),
        DiagnosisCode.VfioInstallCommand =>
            new(
                "An install line for vfio-pci runs a script each time vfio-pci is loaded: at boot, by libvirt, and by gputty as a "
                    + "step of a switch. The script sets the overrides of fixed addresses. Addresses change when a card is added or "
                    + "moved to another slot; then the script sets the overrides of other devices.",
                ModprobeD),
        DiagnosisCode.VfioOptions =>
            new(
                "disable_vga, disable_idle_d3, enable_sriov and nointxmask change how vfio-pci treats the devices that are bound "
                    + "to it: legacy VGA regions, power saving while no guest runs, virtual functions, legacy interrupts. None of them "
                    + "disturbs a switch. disable_idle_d3 helps with a few cards that do not wake up, and costs power.",
                "kernel: drivers/vfio/pci/vfio_pci.c (module parameters)"),
        DiagnosisCode.UnsafeInterrupts =>
            new(
                "Without interrupt remapping, a device that belongs to a guest can raise any message-signalled interrupt of the "
                    + "host. allow_unsafe_interrupts accepts this. If the IOMMU can remap interrupts, as nearly all since 2012 can, the "
                    + "option has no effect and can be removed.",
                Vfio),
        DiagnosisCode.VfioWithoutIommu =>
            new(
                "In no-IOMMU mode, vfio hands out devices that can read and write all of the host's memory. KVM cannot give such "
                    + "a device to a guest at all; the mode is for programs like DPDK. The kernel marks itself as tainted.",
                Vfio),
        _ => null,
    };
}
