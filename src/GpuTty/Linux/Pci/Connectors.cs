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
                Parse(SysFiles.Word($"{entry.Path}/status")), Monitor(entry.Path)));

    /// <summary>The kernel shows what it has read when the monitor was plugged in;
    /// nothing is asked of it again (drivers/gpu/drm/drm_sysfs.c, edid_show).</summary>
    private static string? Monitor(string connector) =>
        SysFiles.Bytes($"{connector}/edid", LongestEdid, out _) is { } edid ? EdidName.Of(edid) : null;

    private const int LongestEdid = 64 * 1024;

    private static bool? Parse(string? status) => status switch { "connected" => true, "disconnected" => false, _ => null };
}
