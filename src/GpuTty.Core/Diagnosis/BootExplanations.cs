namespace GpuTty.Diagnosis;

/// <summary>What is found in the initramfs and on the kernel command line, explained.</summary>
internal static class BootExplanations
{
    private const string Parameters = "kernel: Documentation/admin-guide/kernel-parameters.txt";
    private const string Override = "kernel: Documentation/ABI/testing/sysfs-bus-pci (driver_override)";

    /// <summary>Null for a code that is about something else.</summary>
    public static Explanation? Of(DiagnosisCode code) => code switch
    {
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
        _ => null,
    };
}
