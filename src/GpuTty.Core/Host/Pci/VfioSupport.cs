using GpuTty.Host.Holders;

namespace GpuTty.Host.Pci;

/// <summary>Whether this kernel can give a device to a virtual machine.</summary>
/// <param name="IsRegistered">/sys/bus/pci/drivers/vfio-pci exists: built in, or its module is loaded.</param>
/// <param name="HasModule">modprobe would find vfio-pci. Null when that is unknown.</param>
public sealed record VfioSupport(
    [property: JsonPropertyName("is_registered")] bool IsRegistered,
    [property: JsonPropertyName("has_module")] bool? HasModule)
{
    public const string Driver = "vfio-pci";

    /// <summary>Whose /dev/iommu is; null where there is none.</summary>
    [JsonPropertyName("iommu_owner")] public NodeOwner? IommuOwner { get; init; }

    /// <summary>False only when it is certain that the driver is not there.</summary>
    public bool IsAvailable => IsRegistered || HasModule != false;

    /// <summary>vfio-pci and its variant drivers (nvgrace_gpu_vfio_pci, mlx5_vfio_pci), as named by their module or driver.</summary>
    public static bool IsVfioDriver(string driver) =>
        driver is Driver or "vfio_pci"
        || driver.EndsWith("-vfio-pci", StringComparison.Ordinal)
        || driver.EndsWith("_vfio_pci", StringComparison.Ordinal);
}
