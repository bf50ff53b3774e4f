using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Checks;

/// <summary>
/// The screen that the firmware has set up, still drawn into a card's memory. vfio-pci takes it away from a VGA card since Linux 6.0
/// (aperture_remove_conflicting_pci_devices in vfio_pci_core.c); before that, and of display controllers of another class, the memory is
/// given to no virtual machine. Each such screen, simpledrm's as well, is on a device that sysfb_init makes (drivers/firmware/sysfb.c).
/// </summary>
internal static class FirmwareScreen
{
    /// <summary>drivers/gpu/drm/vkms: nobody sees it.</summary>
    private const string VirtualScreen = "vkmsdrmfb";

    private const string Off = "initcall_blacklist=sysfb_init";

    public static IEnumerable<Check> Checks(HostSnapshot host, Card card) =>
        host.Console.Framebuffers
            .FirstOrDefault(buffer => buffer is { FirmwareDriver: not null, Device: { } device } && card.Contains(device)) is { } screen
            ? [Check.Unsure(CheckCode.FirmwareScreen, FindingCode.FirmwareScreenInMemory, Words(host, card, screen))]
            : [];

    /// <summary>A screen of the board's own, drawn by a DRM driver of no PCI device, e.g. vc4; null where there is none.</summary>
    public static Framebuffer? OfTheBoard(HostSnapshot host) =>
        host.Console.Framebuffers.FirstOrDefault(buffer =>
            buffer is { Device: null, FirmwareDriver: null, Name: not VirtualScreen }
            && buffer.Name.EndsWith("drmfb", StringComparison.Ordinal));

    /// <summary>
    /// The consoles are drawn on the firmware's screen of this card: what the card's driver has not taken over when it was bound, it
    /// does not draw when it is bound again, and until the next boot vfio-pci has then unregistered that screen (aperture.c, sysfb.c).
    /// Null where they come back with the card.
    /// </summary>
    public static string? ConsolesLost(HostSnapshot host, Card card) =>
        host.Console.Shown is { FirmwareDriver: { } screen, Device: { } device }
        && card.Contains(device)
        && IsTakenAway(host, device)
        && card.Display is { Driver: { } driver, IsReserved: false }
            ? $"The text consoles stay dark until a reboot: they are drawn on the firmware's screen ({screen}), which {driver} leaves "
                + "alone and vfio-pci takes away until then."
                + (driver == "nvidia" ? " With nvidia_drm.fbdev=1 on the kernel command line they come back with the card." : "")
            : null;

    private static string Words(HostSnapshot host, Card card, Framebuffer screen) =>
        $"No: the firmware's screen ({screen.FirmwareDriver}) still has memory of {card.Address.SlotName}, "
        + (IsVga(host, screen.Device!.Value) ? "and before Linux 6.0 a virtual machine does not get it."
            : "and vfio-pci takes it away only from VGA controllers: a virtual machine does not get it.")
        + (host.CommandLine.Contains(Off, StringComparison.Ordinal) ? ""
            : IsVga(host, screen.Device!.Value) ? $" Should the machine not start: reboot with {Off} on the kernel command line."
            : $" Reboot with {Off} on the kernel command line first.");

    /// <summary>A kernel whose release cannot be read is taken for one of today.</summary>
    private static bool IsTakenAway(HostSnapshot host, PciAddress device) =>
        IsVga(host, device)
        && !(int.TryParse(host.Kernel.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major < 6);

    private static bool IsVga(HostSnapshot host, PciAddress device) => host.Find(device)?.Class.IsVga == true;
}
