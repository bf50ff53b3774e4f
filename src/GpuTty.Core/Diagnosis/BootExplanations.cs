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
                "Modules that are listed for the initramfs, or in modules-load.d, are loaded at each boot, before other drivers "
                    + "or alongside them. For vfio-pci this matters only together with ids=, or with a script that sets overrides: then "
                    + "vfio-pci takes the card before its own driver is loaded.",
                "modules-load.d(5); initramfs-tools(7), mkinitcpio.conf(5), dracut.conf(5)"),
        DiagnosisCode.InitramfsScript =>
            new(
                "A script in the initramfs, or one that modprobe runs there, writes vfio-pci to driver_override of fixed "
                    + "addresses before any other driver is loaded. The card is bound to vfio-pci after each boot; the override stays, "
                    + "and every probe gives the card to vfio-pci again. gputty saves the override, and restores it after the way back "
                    + "only if it names the host driver.",
                Override),
        DiagnosisCode.AcsOverride =>
            new(
                "pcie_acs_override is a patch that some distributions' kernels have: it makes the kernel treat ports as isolating "
                    + "devices that they do not isolate. The groups become smaller, but devices of one actual group can still reach "
                    + "each other without the IOMMU seeing it. Kernels without the patch ignore the parameter.",
                "kernel: Documentation/driver-api/vfio.rst (groups)"),
        DiagnosisCode.ConsoleParameter =>
            new(
                "Recipes turn off the firmware framebuffer so that it does not occupy the card's memory. gputty takes the "
                    + "framebuffer off the card itself, where it is in the way. With the parameter there is no picture between the boot "
                    + "loader and the graphics driver, so an error at that point, or the prompt for a disk's passphrase, cannot be "
                    + "seen.",
                $"{Parameters} (video=, initcall_blacklist=)"),
        DiagnosisCode.Nomodeset =>
            new(
                "With nomodeset the kernel's graphics drivers (amdgpu, i915, xe, nouveau, radeon) refuse to bind to any card. A "
                    + "card that is returned to the host then has no driver, and a desktop runs without acceleration on the firmware "
                    + "framebuffer.",
                $"{Parameters} (nomodeset)"),
        DiagnosisCode.ParameterNotStarted =>
            new(
                "The kernel command line is configured in one place, and the boot loader reads it from another. A parameter that "
                    + "was added after the last boot, or that has not been written to the boot loader configuration yet, has no effect; "
                    + "the running kernel's command line is in /proc/cmdline.",
                "kernel-command-line(7); grub-mkconfig(8); kernel-install(8)"),
        DiagnosisCode.InitramfsOutdated =>
            new(
                "The initramfs has its own copies of modprobe.d. Modules are loaded from it according to these copies, before the "
                    + "root file system is mounted. A file that was changed or removed later keeps its old effect there until the image "
                    + "is rebuilt.",
                "initramfs-tools(7); dracut(8); mkinitcpio(8)"),
        DiagnosisCode.InitramfsModules =>
            new(
                "Modules in the initramfs are loaded before the root file system is mounted, and so before the udev rules and "
                    + "services of the real system take effect. A graphics driver there takes its cards first; vfio-pci there takes the "
                    + "ids that modprobe.d in the image names.",
                "initramfs-tools(7); dracut.conf(5); mkinitcpio.conf(5)"),
        DiagnosisCode.InitramfsUnread =>
            new(
                "To list an image, the tool that built it has to unpack it, which takes a second or more, so this is done only on "
                    + "request. Otherwise it is unknown whether the copies in it match the files on the disk.",
                "lsinitramfs(8); lsinitrd(1); lsinitcpio(1)"),
        _ => null,
    };
}
