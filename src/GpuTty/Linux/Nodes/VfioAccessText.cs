using System.Globalization;
using GpuTty.Host.Pci;

namespace GpuTty.Linux.Nodes;

/// <summary>A rule that gives vfio's nodes another owner, as udev reads it (udev(7)).</summary>
internal static class VfioAccessText
{
    private const string For = "# For: ";

    public static string Of(VfioAccess access)
    {
        var owner = access.Owner;
        var gives = (owner.Uid is { } uid ? $"OWNER=\"{uid}\", " : "") + (owner.Gid is { } gid ? $"GROUP=\"{gid}\", " : "")
            + $"MODE=\"0{Convert.ToString(access.Mode, 8)}\"";
        return $"""
            # Written by gputty: who may open vfio's nodes of a card. Taken away on its way home.
            {For}{owner.Name}
            SUBSYSTEM=="vfio", KERNEL=="{access.Group}", {gives}
            SUBSYSTEM=="vfio-dev", KERNELS=="{Slots(access.Slot)}", {gives}
            SUBSYSTEM=="misc", KERNEL=="iommu", {gives}

            """;
    }

    /// <summary>Null for a text that is not as <see cref="Of"/> writes it.</summary>
    public static VfioAccess? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 4 || !lines[1].StartsWith(For, StringComparison.Ordinal)
            || Value(lines[3], "KERNELS==") is not { Length: > 2 } slot || !PciAddress.TryParse($"{slot[..^1]}0", out var address)
            || Number(Value(lines[2], "KERNEL==")) is not { } group) return null;
        var owner = new VfioOwner(Number(Value(lines[2], "OWNER=")), Number(Value(lines[2], "GROUP=")), lines[1][For.Length..]);
        var access = new VfioAccess(address, group, owner);
        return Of(access) == text ? access : null;
    }

    /// <summary>True for a file that <see cref="VfioAccess.FileName"/> names.</summary>
    public static bool IsOurs(string fileName) =>
        fileName.StartsWith("70-gputty-vfio-", StringComparison.Ordinal) && fileName.EndsWith(".rules", StringComparison.Ordinal);

    private static string Slots(PciAddress slot) => $"{slot.ToString()[..^1]}*";

    private static string? Value(string line, string key)
    {
        var begin = line.IndexOf($" {key}\"", StringComparison.Ordinal);
        if (begin < 0) return null;
        begin += key.Length + 2;
        var end = line.IndexOf('"', begin);
        return end < 0 ? null : line[begin..end];
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
