using System.Globalization;
using GpuTty.Host.Holders;
using GpuTty.Interop;

namespace GpuTty.Linux.Nodes;

/// <summary>Nodes of NVIDIA's driver, which sysfs does not show: one per card, and some of the driver as a whole.</summary>
internal static class NvidiaNodes
{
    public const int Major = 195;
    private const int ModesetMinor = 254;
    private const int ControlMinor = 255;

    /// <summary>N of /dev/nvidiaN, from /proc/driver/nvidia/gpus/ADDRESS/information.</summary>
    public static int? ReadMinor(FileSystemRoot root, string address) =>
        ParseMinor(SysFiles.Text(root.Proc($"driver/nvidia/gpus/{address}/information"), 64 * 1024));

    public static int? ParseMinor(string? information)
    {
        foreach (var line in information?.Split('\n') ?? [])
        {
            if (line.StartsWith("Device Minor:", StringComparison.Ordinal)
                && int.TryParse(
                    line.AsSpan("Device Minor:".Length),
                    NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                    null,
                    out var minor)
                && minor is >= 0 and < ModesetMinor)
            {
                return minor;
            }
        }
        return null;
    }

    public static DeviceNode OfCard(int minor) => new($"/dev/nvidia{minor}", NodeKind.Nvidia, Major, minor);

    /// <summary>Nodes that pin the driver and no card, from /proc/devices, where the driver registers its majors.</summary>
    public static IEnumerable<DriverNode> OfDriver(string procDevices)
    {
        foreach (var line in procDevices.Split('\n').TakeWhile(line => !line.StartsWith("Block", StringComparison.Ordinal)))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2
                || !parts[1].StartsWith("nvidia", StringComparison.Ordinal)
                || !int.TryParse(parts[0], NumberStyles.None, null, out var major))
                continue;
            if (major == Major)
            {
                yield return new DriverNode(Major, ControlMinor, NodeKind.Nvidia, "nvidia");
                yield return new DriverNode(Major, ModesetMinor, NodeKind.Nvidia, "nvidia_modeset");
            }
            yield return new DriverNode(major, null, NodeKind.Nvidia, parts[1] == "nvidia-uvm" ? "nvidia_uvm" : "nvidia");
        }
    }
}
