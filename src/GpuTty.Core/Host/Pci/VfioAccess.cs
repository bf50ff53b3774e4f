using System.Globalization;

namespace GpuTty.Host.Pci;

/// <summary>Who is to open vfio's nodes besides root.</summary>
/// <param name="Uid">Null where the owner stays root.</param>
/// <param name="Gid">Null where no group may.</param>
/// <param name="Name">For people: <c>joe</c>, <c>joe and group kvm</c>.</param>
public sealed record VfioOwner(
    [property: JsonPropertyName("uid")] int? Uid,
    [property: JsonPropertyName("gid")] int? Gid,
    [property: JsonPropertyName("name")] string Name);

/// <summary>
/// A udev rule below /run: a node of vfio has another owner from the moment it appears (udev(7);
/// the group's node, and the functions' own for iommufd). Another boot knows nothing of it.
/// </summary>
/// <param name="Slot">The functions in this slot; its function is 0.</param>
/// <param name="Group">Their IOMMU group, which is the name of the node.</param>
public sealed record VfioAccess(
    [property: JsonPropertyName("slot")] PciAddress Slot,
    [property: JsonPropertyName("group")] int Group,
    [property: JsonPropertyName("owner")] VfioOwner Owner)
{
    /// <summary>Below /run.</summary>
    public const string Folder = "udev/rules.d";

    private const string Begin = "70-gputty-vfio-", End = ".rules", For = "# For: ";

    /// <summary>Of the node: the group too may read and write where one is named.</summary>
    [JsonIgnore]
    public int Mode => Owner.Gid is null ? 0b110_000_000 : 0b110_110_000;

    [JsonIgnore]
    public string FileName => $"{Begin}{Group}{End}";

    public static bool IsOurs(string fileName) =>
        fileName.StartsWith(Begin, StringComparison.Ordinal) && fileName.EndsWith(End, StringComparison.Ordinal);

    [JsonIgnore]
    public string Text
    {
        get
        {
            var gives = (Owner.Uid is { } uid ? $"OWNER=\"{uid}\", " : "") + (Owner.Gid is { } gid ? $"GROUP=\"{gid}\", " : "")
                + $"MODE=\"0{Convert.ToString(Mode, 8)}\"";
            return $"""
                # Written by gputty: who may open vfio's nodes of a card. Taken away on its way home.
                {For}{Owner.Name}
                SUBSYSTEM=="vfio", KERNEL=="{Group}", {gives}
                SUBSYSTEM=="vfio-dev", KERNELS=="{Slots(Slot)}", {gives}
                SUBSYSTEM=="misc", KERNEL=="iommu", {gives}

                """;
        }
    }

    /// <summary>Null for a text that is not as <see cref="Text"/> writes it.</summary>
    public static VfioAccess? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 4 || !lines[1].StartsWith(For, StringComparison.Ordinal)
            || Value(lines[3], "KERNELS==") is not { Length: > 2 } slot || !PciAddress.TryParse($"{slot[..^1]}0", out var address)
            || Number(Value(lines[2], "KERNEL==")) is not { } group) return null;
        var owner = new VfioOwner(Number(Value(lines[2], "OWNER=")), Number(Value(lines[2], "GROUP=")), lines[1][For.Length..]);
        var access = new VfioAccess(address, group, owner);
        return access.Text == text ? access : null;
    }

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
