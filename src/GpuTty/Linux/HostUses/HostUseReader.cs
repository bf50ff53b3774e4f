using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Pci;

namespace GpuTty.Linux.HostUses;

/// <summary>What the host would lose with each function.</summary>
internal static class HostUseReader
{
    public static ILookup<PciAddress, HostUse> Read(FileSystemRoot root, IReadOnlyCollection<ClassDevice> classes, List<Unknown> unknowns)
    {
        var files = new PartFiles(unknowns, UnknownFact.HostUses, "what the host needs");
        var named = NetworkUses.Read(root, classes, files).Concat(StorageUses.Read(root, classes, files)).ToList();
        return named.Select(use => (use.Entry.Owner, use.Use))
            .Concat(UsbUses.Read(root, classes, [.. named.Select(use => use.Entry)]))
            .ToLookup(use => use.Owner, use => use.Use);
    }
}
