using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Interop;

namespace GpuTty.Linux.Nodes;

/// <summary>A node of a whole driver: open, it pins the module but no card.</summary>
/// <param name="Minor">Null for every minor that no card has.</param>
internal sealed record DriverNode(int Major, int? Minor, NodeKind Kind, string Module);

/// <summary>Nodes of whole drivers: nvidia's, amdgpu's /dev/kfd, vfio's container.</summary>
internal static class DriverNodes
{
    public static ImmutableArray<DriverNode> Read(FileSystemRoot root, List<Unknown> unknowns) =>
    [
        .. NvidiaNodes.OfDriver(new PartFiles(unknowns, UnknownFact.DeviceNodes, "nodes of drivers").Text(root.Proc("devices")) ?? ""),
        .. One(root, "class/kfd/kfd/dev", NodeKind.Other, "amdgpu"),
        .. One(root, "class/misc/vfio/dev", NodeKind.Vfio, "vfio"),
    ];

    /// <summary><c>226:1</c>, as <c>dev</c> files have it.</summary>
    public static (int Major, int Minor)? ParseNumber(string? text) =>
        text?.Split(':') is [var major, var minor]
        && int.TryParse(major, NumberStyles.None, null, out var high) && int.TryParse(minor, NumberStyles.None, null, out var low)
            ? (high, low)
            : null;

    private static IEnumerable<DriverNode> One(FileSystemRoot root, string file, NodeKind kind, string name)
    {
        if (ParseNumber(SysFiles.Word(root.Sys(file))) is { } number) yield return new DriverNode(number.Major, number.Minor, kind, name);
    }
}
