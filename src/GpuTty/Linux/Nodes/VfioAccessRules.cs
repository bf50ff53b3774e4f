using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Desktop;
using GpuTty.Switching;

namespace GpuTty.Linux.Nodes;

/// <summary>
/// Reads, writes and removes the rules that give vfio's nodes another owner. udev acts on them when a
/// node appears; nodes that are there already are changed here, because udev gives none back to root.
/// </summary>
internal sealed class VfioAccessRules(FileSystemRoot root, CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    private const int LongestRule = 64 * 1024;
    private const int RootOnly = 0b110_000_000;

    /// <summary>As the kernel makes it (drivers/iommu/iommufd/main.c).</summary>
    private const int IommuMode = 0b110_110_000;
    private readonly Udev _udev = new(tools, clock, log);

    public static ImmutableArray<VfioAccess> Read(FileSystemRoot root, List<Unknown> unknowns)
    {
        var files = new PartFiles(unknowns, UnknownFact.SeatRules, "rules that give vfio's nodes an owner");
        var folder = root.Run(VfioAccess.Folder);
        return
        [
            .. files.Names(folder).Where(VfioAccessText.IsOurs).Order(StringComparer.Ordinal)
                .Select(name => VfioAccessText.Parse(files.Text($"{folder}/{name}", LongestRule) ?? "")).OfType<VfioAccess>(),
        ];
    }

    public async Task AllowAsync(VfioAccess access, CancellationToken cancel)
    {
        SystemFile.Write(PathOf(access), VfioAccessText.Of(access));
        await _udev.ReloadAsync(cancel);
        Own(Nodes(access), access.Owner.Uid ?? 0, access.Owner.Gid ?? 0, access.Mode);
        Own([Iommu], access.Owner.Uid ?? 0, access.Owner.Gid ?? 0, access.Mode);
    }

    public async Task DenyAsync(VfioAccess access, CancellationToken cancel)
    {
        SystemFile.Delete(PathOf(access));
        await _udev.ReloadAsync(cancel);
        Own(Nodes(access), 0, 0, RootOnly);
        // Whoever has another card needs it still.
        var other = Read(root, []).FirstOrDefault();
        Own([Iommu], other?.Owner.Uid ?? 0, other?.Owner.Gid ?? 0, other?.Mode ?? IommuMode);
    }

    private string Iommu => root.Dev("iommu");

    private string PathOf(VfioAccess access) => root.Run($"{VfioAccess.Folder}/{access.FileName}");

    private void Own(IEnumerable<string> nodes, int uid, int gid, int mode)
    {
        foreach (var node in nodes.Where(SysFiles.Exists))
            if (SysFiles.Own(node, uid, gid, mode) is { } why)
                throw new HostException(
                    $"The owner of {root.Shown(node)} cannot be changed: {why}.",
                    "See the log of the kernel and of udev, then try again.");
    }

    private IEnumerable<string> Nodes(VfioAccess access)
    {
        yield return root.Dev($"vfio/{access.Group}");
        for (var function = 0; function < 8; function++)
            foreach (var name in SysFiles.Names($"{root.PciDevices}/{access.Slot with { Function = function }}/vfio-dev"))
                yield return root.Dev($"vfio/devices/{name}");
    }
}
