using GpuTty.Host.Pci;

namespace GpuTty.Planning.Groups;

/// <summary>What the kernel's words for an IOMMU group mean (Documentation/ABI/testing/sysfs-kernel-iommu_groups).</summary>
public static class DmaWords
{
    public static string OfType(string? type) => type switch
    {
        "identity" => "identity: for the host, devices see memory as it is (iommu=pt). A virtual machine gets a table of its own all the same.",
        "DMA" => "DMA: DMA is translated, flushed at once (strict).",
        "DMA-FQ" => "DMA-FQ: DMA is translated, flushed lazily (the fast default).",
        "blocked" => "blocked: no transfer is allowed at present; nobody uses it, or vfio has just claimed it.",
        "unmanaged" => "unmanaged: whoever has claimed it, a virtual machine, keeps the table.",
        null => "could not be told.",
        _ => $"{type}: a word that GpuTty does not know.",
    };

    /// <summary>True where the region forbids giving the group away.</summary>
    public static bool Forbids(ReservedRegion region) => region.Type == "direct";

    public static string OfRegion(ReservedRegion region) => region.Type switch
    {
        "direct" => "the firmware works in it all the time (RMRR): forbids giving the group away",
        "direct-relaxable" => "the firmware worked in it while the machine booted: may be given up, forbids nothing",
        "msi" => "reserved for MSI interrupts: normal",
        "reserved" => "a hole that no transfer may use: normal",
        var other => other,
    };
}
