using GpuTty.Host.Pci;

namespace GpuTty.Linux.Pci;

/// <summary>Paths below /sys/devices, which name every device above the one they lead to.</summary>
internal static class PciPath
{
    /// <summary>Screens of the firmware hang below a PCI function since Linux 6.10, but are not its driver's.</summary>
    private static readonly string[] s_firmwareScreens =
    [
        "simple-framebuffer.",
        "efi-framebuffer.",
        "vesa-framebuffer.",
        "vga-framebuffer.",
    ];

    /// <summary>The function a device belongs to: the last one in the path;
    /// null when there is none, or a firmware screen lies between.</summary>
    public static PciAddress? Owner(ReadOnlySpan<char> path)
    {
        PciAddress? owner = null;
        foreach (var range in path.Split('/'))
        {
            var part = path[range];
            if (PciAddress.TryParse(part, out var address)) owner = address;
            else if (owner is not null && IsFirmwareScreen(part)) return null;
        }
        return owner;
    }

    /// <summary>The last function in the path, whatever hangs below it; null
    /// when there is none. A firmware's screen lies in its memory.</summary>
    public static PciAddress? Nearest(string path) =>
        path.Split('/')
            .Select(part => PciAddress.TryParse(part, out var address) ? address : (PciAddress?)null)
            .LastOrDefault(address => address is not null);

    /// <summary>The bridge right above the function that a path ends with.</summary>
    public static PciAddress? Parent(string path)
    {
        var parts = path.TrimEnd('/').Split('/');
        return parts.Length >= 2 && PciAddress.TryParse(parts[^2], out var parent) ? parent : null;
    }

    private static bool IsFirmwareScreen(ReadOnlySpan<char> part)
    {
        foreach (var screen in s_firmwareScreens)
            if (part.StartsWith(screen, StringComparison.Ordinal)) return true;
        return false;
    }
}
