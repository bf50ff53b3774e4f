using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Pci;

/// <summary>Sockets for monitors: /sys/class/drm/cardN-NAME/status.</summary>
internal static class Connectors
{
    public static ILookup<PciAddress, Connector> Read(IEnumerable<ClassDevice> classes) =>
        classes.Where(entry =>
            entry.Class == "drm"
            && entry.Name.StartsWith("card", StringComparison.Ordinal)
            && entry.Name.Contains('-', StringComparison.Ordinal))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .ToLookup(entry => entry.Owner, entry => new Connector(
                Visible.Text(entry.Name[(entry.Name.IndexOf('-', StringComparison.Ordinal) + 1)..], 80),
                Parse(SysFiles.Word($"{entry.Path}/status"))));

    private static bool? Parse(string? status) => status switch { "connected" => true, "disconnected" => false, _ => null };
}
