using GpuTty.Host.Pci;

namespace GpuTty.Planning.Groups;

/// <summary>What the kernel's words for an IOMMU group mean (Documentation/ABI/testing/sysfs-kernel-iommu_groups).</summary>
public static class DmaDomainText
{
    public static string OfType(string? type) => type switch
    {
        "identity" =>
            "identity: for the host, devices see memory as it is (iommu=pt). A virtual machine gets a page table of its own anyway.",
        "DMA" => "DMA: DMA is translated, flushed at once (strict).",
        "DMA-FQ" => "DMA-FQ: DMA is translated, flushed lazily (the fast default).",
        "blocked" => "blocked: no DMA is allowed at present; the group is unused, or vfio has just claimed it.",
        "unmanaged" => "unmanaged: its owner, a virtual machine, manages the page table.",
        null => "unknown.",
        _ => $"{type}: a domain type that GpuTty does not know.",
    };

    /// <summary>True where the region forbids giving the group away.</summary>
    public static bool Forbids(ReservedRegion region) => region.Type == "direct";

    public static string OfRegion(ReservedRegion region) => region.Type switch
    {
        "direct" => "the firmware works in it all the time (RMRR): forbids giving the group away",
        "direct-relaxable" => "the firmware worked in it while the machine booted: may be given up, forbids nothing",
        "msi" => "reserved for MSI interrupts: normal",
        "reserved" => "not usable for DMA: normal",
        var other => other,
    };
}
