using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Pci;
using GpuTty.Text;

namespace GpuTty.Linux.HostUses;

/// <summary>Network interfaces by function; the one under the default route, directly or through a bridge or bond, is vital.</summary>
internal static class NetworkUses
{
    public static IEnumerable<(ClassDevice Entry, HostUse Use)> Read(FileSystemRoot root, IEnumerable<ClassDevice> classes, PartFiles files)
    {
        var routed = DefaultRoutes(files.Text(root.Proc("net/route")), files.Text(root.Proc("net/ipv6_route")));
        return classes.Where(entry => entry.Class == "net")
            .Select(entry =>
                (entry, new HostUse(HostUseKind.Network, Visible.Text(entry.Name, 40), CarriesRoute(root, entry.Name, routed, 8))));
    }

    /// <summary>Interfaces of the default routes of both routing tables, as the kernel prints them.</summary>
    public static ImmutableHashSet<string> DefaultRoutes(string? route, string? route6)
    {
        var four = from line in route?.Split('\n') ?? []
                   let parts = line.Split('\t', StringSplitOptions.TrimEntries)
                   where parts.Length >= 8 && parts[1] == "00000000" && parts[7] == "00000000"
                   select parts[0];
        // The kernel lists an unreachable default route of its own on lo.
        var six = from line in route6?.Split('\n') ?? []
                  let parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                  where parts.Length >= 10 && parts[0].All(c => c == '0') && parts[1] == "00" && parts[9] != "lo"
                  select parts[9];
        return [.. four, .. six];
    }

    private static bool CarriesRoute(FileSystemRoot root, string name, ImmutableHashSet<string> routed, int depth) =>
        routed.Contains(name) || (depth > 0 && SysFiles.Names(root.Sys($"class/net/{name}"))
            .Where(entry => entry.StartsWith("upper_", StringComparison.Ordinal))
            .Any(upper => CarriesRoute(root, upper["upper_".Length..], routed, depth - 1)));
}
