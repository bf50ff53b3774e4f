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

    /// <summary>Of the node: the group too may read and write where one is named.</summary>
    [JsonIgnore]
    public int Mode => Owner.Gid is null ? 0b110_000_000 : 0b110_110_000;

    [JsonIgnore]
    public string FileName => $"70-gputty-vfio-{Group}.rules";
}
