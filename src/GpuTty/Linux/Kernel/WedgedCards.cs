using System.Collections.Concurrent;
using System.Text;
using GpuTty.Host.Pci;
using GpuTty.Text;

namespace GpuTty.Linux.Kernel;

/// <summary>
/// Cards of which their drivers have said that they cannot go on (Documentation/gpu/drm-uapi.rst,
/// "Device Wedging"). The kernel says it once, in a message; no file tells it afterwards.
/// </summary>
internal sealed class WedgedCards
{
    private readonly ConcurrentDictionary<PciAddress, string> _recoveries = [];

    /// <summary>What the driver recommends: <c>rebind</c>, <c>bus-reset</c>,
    /// <c>unknown</c>, several parted by commas; null where nothing was heard.</summary>
    public string? Of(PciAddress card) => _recoveries.GetValueOrDefault(card);

    /// <param name="message">Of the kernel: NAME=value, each ended by a zero byte (Documentation/core-api/kobject.rst).</param>
    public void Hear(ReadOnlySpan<byte> message)
    {
        string? action = null, path = null, subsystem = null, wedged = null;
        foreach (var range in message.Split((byte)0))
        {
            var field = message[range];
            action ??= Value(field, "ACTION="u8);
            path ??= Value(field, "DEVPATH="u8);
            subsystem ??= Value(field, "SUBSYSTEM="u8);
            wedged ??= Value(field, "WEDGED="u8);
        }
        if (path is null || Function(path) is not { } card) return;
        // "none": it has recovered by itself.
        if (subsystem == "drm" && wedged is not (null or "none")) _recoveries[card] = Visible.Text(wedged, 80);
        else if (subsystem == "pci" && action is "unbind" or "remove") _recoveries.TryRemove(card, out _);
    }

    private static string? Value(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name) =>
        field.StartsWith(name) ? Encoding.UTF8.GetString(field[name.Length..]) : null;

    /// <summary>The PCI function that a device is, or is below.</summary>
    private static PciAddress? Function(string path) =>
        path.Split('/')
            .Reverse()
            .Select(part => PciAddress.TryParse(part, out var address) ? address : (PciAddress?)null)
            .FirstOrDefault(address => address is not null);
}
