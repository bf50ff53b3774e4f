using GpuTty.Host.Boot;
using GpuTty.Host.Pci;

namespace GpuTty.Linux.Boot;

/// <summary>
/// The udev rule of a chosen card (udev(7)). Before 80-drivers.rules, which loads the drivers that want the device: the override is
/// set first, so they find nothing to take. A function that has a driver already, from the initramfs, is left to the service: into that
/// dracut copies all rules of /etc/udev/rules.d (udev-rules, hostonly), where nobody could take this one away again.
/// </summary>
internal static class BootRule
{
    /// <summary>Below /etc.</summary>
    public const string Folder = "udev/rules.d";

    /// <summary>systemd's mark of an initramfs, and dracut's where there is no systemd in it.</summary>
    private static readonly string[] s_marks = ["/etc/initrd-release", "/usr/lib/initrd-release"];

    /// <summary>One file a card: <c>04-gputty-boot-0000-01-00.0.rules</c>.</summary>
    public static string FileName(PciAddress card) => $"04-gputty-boot-{card.ToString().Replace(':', '-')}.rules";

    /// <summary>True for a file that this or another version of gputty has written.</summary>
    public static bool IsOurs(string fileName) =>
        fileName.StartsWith("04-gputty-boot-", StringComparison.Ordinal) && fileName.EndsWith(".rules", StringComparison.Ordinal);

    public static string Text(BootChoice choice) =>
        Text(choice, string.Concat(s_marks.Select(mark => $"TEST==\"{mark}\", GOTO=\"gputty_boot_end\"\n")));

    /// <summary>As it was written before: it acted in an initramfs too.</summary>
    public static string OlderText(BootChoice choice) => Text(choice, "");

    /// <param name="notIn">Lines.</param>
    private static string Text(BootChoice choice, string notIn) =>
        $"""
        # Written by gputty: gives this card to {VfioSupport.Driver} when the machine starts. Taken away by: gputty boot host
        # {BootChoice.Escape} on the kernel's command line leaves it to the host once.
        ACTION!="add", GOTO="gputty_boot_end"
        SUBSYSTEM!="pci", GOTO="gputty_boot_end"
        {notIn}IMPORT{"{cmdline}"}="gputty.boot"
        ENV{"{gputty.boot}"}=="host", GOTO="gputty_boot_end"
        {string.Join('\n', choice.Functions.Select(Line))}
        LABEL="gputty_boot_end"

        """;

    /// <summary>Nothing else would load vfio-pci: it has no ids of its own.</summary>
    private static string Line(BootFunction function) =>
        $"KERNEL==\"{function.Address}\", DRIVER==\"\", {Is("vendor", function.Id.Vendor)}, {Is("device", function.Id.Device)}"
        + (function.Id is { SubsystemVendor: { } vendor, SubsystemDevice: { } device }
            ? $", {Is("subsystem_vendor", vendor)}, {Is("subsystem_device", device)}"
            : "")
        + $", ATTR{{driver_override}}=\"{VfioSupport.Driver}\", RUN{{builtin}}+=\"kmod load {VfioSupport.Driver}\"";

    private static string Is(string attribute, int number) => $"ATTR{{{attribute}}}==\"0x{number:x4}\"";
}
