using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Pci;

namespace GpuTty.Linux.HostUses;

/// <summary>What the host would lose with each function.</summary>
internal sealed class HostUseReader(FileSystemRoot root)
{
    private readonly UsbUses _usb = new(root);

    public ILookup<PciAddress, HostUse> Read(
        IReadOnlyCollection<ClassDevice> classes, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        var files = new PartFiles(unknowns, UnknownFact.HostUses, "what the host needs");
        var named = NetworkUses.Read(root, classes, files).Concat(StorageUses.Read(root, classes, files)).ToList();
        return named.Select(use => (use.Entry.Owner, use.Use))
            .Concat(_usb.Read(classes, [.. named.Select(use => use.Entry)], unknowns, cancel))
            .ToLookup(use => use.Owner, use => use.Use);
    }
}
