using System.Collections.Immutable;

namespace GpuTty.Host.Pci;

/// <summary>Functions that the IOMMU cannot tell apart (/sys/kernel/iommu_groups/N).
/// They go to a virtual machine together or not at all.</summary>
/// <param name="Number">Not stable across boots, nor across remove and rescan.</param>
/// <param name="Type">DMA, DMA-FQ, identity, blocked, unmanaged; null when the file is missing.</param>
/// <param name="ReservedRegions">Lines of <c>reserved_regions</c>: start, end,
/// type; a <c>direct</c> one keeps a device from being given away.</param>
public sealed record IommuGroup(
    [property: JsonPropertyName("number")] int Number,
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("members")] ImmutableArray<PciAddress> Members,
    [property: JsonPropertyName("reserved_regions")] ImmutableArray<ReservedRegion> ReservedRegions)
{
    /// <summary>A member that is no PCI function, and of which nobody can
    /// tell whether it lets the group go; null when there is none.</summary>
    [JsonPropertyName("odd_member")] public string? NonPciMember { get; init; }
}

/// <summary>A range of bus addresses that the platform keeps (drivers/iommu/iommu.c).</summary>
/// <param name="Type">direct, direct-relaxable, reserved, msi.</param>
public sealed record ReservedRegion(
    [property: JsonPropertyName("start")] ulong Start,
    [property: JsonPropertyName("end")] ulong End,
    [property: JsonPropertyName("type")] string Type);
