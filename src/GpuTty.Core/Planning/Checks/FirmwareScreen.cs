using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;

namespace GpuTty.Planning.Checks;

/// <summary>
/// The screen that the firmware has set up, still drawn into a card's memory. vfio-pci takes it away from a VGA card since Linux 6.0
/// (aperture_remove_conflicting_pci_devices in vfio_pci_core.c); before that the memory is given to no virtual machine.
/// </summary>
internal static class FirmwareScreen
{
    /// <summary>drivers/gpu/drm/vkms: nobody sees it.</summary>
    private const string VirtualScreen = "vkmsdrmfb";

    private const string Off = "initcall_blacklist=sysfb_init";

    public static IEnumerable<Check> Checks(HostSnapshot host, Card card) =>
        host.Console.Framebuffers
            .FirstOrDefault(buffer => buffer is { FirmwareDriver: not null, Device: { } device } && card.Contains(device)) is { } screen
            ? [Check.Unsure(CheckCode.FirmwareScreen, FindingCode.FirmwareScreenInMemory, Words(host, card, screen.FirmwareDriver!))]
            : [];

    /// <summary>A screen of the board's own, drawn by a DRM driver of no PCI device, e.g. vc4; null where there is none.</summary>
    public static Framebuffer? OfTheBoard(HostSnapshot host) =>
        host.Console.Framebuffers.FirstOrDefault(buffer =>
            buffer is { Device: null, FirmwareDriver: null, Name: not VirtualScreen }
            && buffer.Name.EndsWith("drmfb", StringComparison.Ordinal));

    private static string Words(HostSnapshot host, Card card, string driver) =>
        $"No: the firmware's screen ({driver}) still has memory of {card.Address.SlotName}, "
        + "and before Linux 6.0 a virtual machine does not get it."
        + (host.CommandLine.Contains(Off, StringComparison.Ordinal) ? ""
            : $" Should the machine not start: reboot with {Off} on the kernel command line.");
}
