using GpuTty.Host.Pci;

namespace GpuTty.Linux.Vt;

/// <summary>
/// Whose memory the firmware's screen is in, by the order of /proc/iomem: what is set further to the right lies inside what is above it.
/// Addresses, which only root sees, are not needed.
/// </summary>
internal static class FirmwareScreenMemory
{
    /// <summary>The function that has such a range; null where none has.</summary>
    public static PciAddress? Owner(string? table)
    {
        var above = new List<(int Depth, PciAddress? Function)>();
        foreach (var line in table?.Split('\n') ?? [])
        {
            if (line.Split(" : ", 2) is not [var range, var name]) continue;
            var depth = range.Length - range.TrimStart(' ').Length;
            above.RemoveAll(outer => outer.Depth >= depth);
            if (IsScreen(name) && above.LastOrDefault(outer => outer.Function is not null).Function is { } owner) return owner;
            above.Add((depth, PciAddress.TryParse(name, out var address) ? address : null));
        }
        return null;
    }

    /// <summary>drivers/video/fbdev (efifb.c, vesafb.c, simplefb.c), drivers/gpu/drm/sysfb, drivers/firmware/sysfb_simplefb.c.</summary>
    private static bool IsScreen(string name) =>
        name is "efifb" or "vesafb" or "simplefb" or "simpledrm" or "efidrm" or "vesadrm" or "ofdrm" or "BOOTFB";
}
