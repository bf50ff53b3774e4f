using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;

namespace GpuTty.Linux.Pci;

/// <summary>Registered PCI drivers and the modules they come from; the names of the two differ (bochs-drm and bochs).</summary>
internal static class PciDrivers
{
    public static ImmutableArray<PciDriver> Read(FileSystemRoot root, List<Unknown> unknowns) =>
    [
        .. new PartFiles(unknowns, UnknownFact.PciDrivers, "PCI drivers").Names(root.PciDrivers)
            .Select(name => new PciDriver(
                name,
                SysFiles.LastPart(SysFiles.Link($"{root.PciDrivers}/{name}/module")) is { } owner ? KernelModule.Canonical(owner) : null)),
    ];

    /// <summary>Whether vfio-pci is there, or modprobe would find it.</summary>
    /// <param name="unknowns">Gets that this is unknown, where it is.</param>
    public static VfioSupport Vfio(FileSystemRoot root, string release, IEnumerable<PciDriver> drivers, List<Unknown> unknowns) =>
        Support(root, release, drivers, unknowns) with { IommuOwner = DeviceNodes.OwnerOf(root, "iommu") };

    private static VfioSupport Support(FileSystemRoot root, string release, IEnumerable<PciDriver> drivers, List<Unknown> unknowns) =>
        drivers.Any(driver => driver.Name == VfioSupport.Driver)
            ? new VfioSupport(true, true)
            : new VfioSupport(false, ModuleFiles.Lists(root, release, VfioSupport.Driver, unknowns));
}
