using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Guests;
using GpuTty.Host.Settings;
using GpuTty.Interop;
using GpuTty.Linux.Guests;
using GpuTty.Linux.Settings;
using GpuTty.Text;

namespace GpuTty.Linux.Desktop;

/// <summary>
/// Guests of Proxmox VE that get a card (qm.conf(5), hostpci[n]) without a hookscript, which might be gputty's: Proxmox itself binds the
/// card to vfio-pci when it starts them, whoever uses it, and gives it back to nobody (PVE/QemuServer/PCI.pm, prepare_pci_device).
/// </summary>
internal static class ProxmoxGuests
{
    private const string Cluster = "etc/pve", Folder = $"{Cluster}/qemu-server", Ending = ".conf", Fact = "who else moves devices";
    private static readonly HangTolerantScan<string> s_scan = new();

    /// <summary>What another look is just reading would be taken for what hangs.</summary>
    private static readonly Lock s_oneLook = new();

    private sealed record Look(ImmutableArray<ConflictingTool> Found, List<Unknown> Unknowns);

    /// <summary>The folder is a file system of the cluster's own program (pmxcfs(8)), which may not answer.</summary>
    public static ImmutableArray<ConflictingTool> Read(FileSystemRoot root, List<Unknown> unknowns) => Read(root, unknowns, Of, null);

    /// <param name="read">What is read there; it may hang.</param>
    /// <param name="limit">How long it may take; two seconds where null.</param>
    internal static ImmutableArray<ConflictingTool> Read(
        FileSystemRoot root,
        List<Unknown> unknowns,
        Func<FileSystemRoot, List<Unknown>, IEnumerable<ConflictingTool>> read,
        TimeSpan? limit)
    {
        lock (s_oneLook)
        {
            var (looks, late) = s_scan.Read(
                [root.Any(Cluster)],
                _ =>
                {
                    var gaps = new List<Unknown>();
                    return new Look([.. read(root, gaps)], gaps);
                },
                limit);
            lock (unknowns)
                unknowns.AddRange(late.Count == 0
                    ? looks[0]!.Unknowns
                    : [new Unknown(UnknownFact.OtherPrograms, Fact, $"/{Cluster} does not answer; see: systemctl status pve-cluster")]);
            return looks[0]?.Found ?? [];
        }
    }

    /// <summary>Who may not read the first file may read none, which is said once.</summary>
    private static IEnumerable<ConflictingTool> Of(FileSystemRoot root, List<Unknown> unknowns)
    {
        var files = new BoundedFiles(root, unknowns, UnknownFact.OtherPrograms, Fact);
        var mappings = new Lazy<ProxmoxMappings>(() =>
            ProxmoxMappings.Parse(files.File(ProxmoxMappings.Path)?.Text ?? "", ProxmoxFile.HostName(root)));
        return files.Names(Folder)
            .Where(name => name.EndsWith(Ending, StringComparison.Ordinal) && ProxmoxConfig.IsNumber(name[..^Ending.Length]))
            .Select(name => (File: files.File($"{Folder}/{name}"), Number: name[..^Ending.Length]))
            .TakeWhile(guest => guest.File is not null)
            .SelectMany(guest => Of(guest.File!, guest.Number, mappings, unknowns));
    }

    private static IEnumerable<ConflictingTool> Of(
        SettingsFile file, string vmid, Lazy<ProxmoxMappings> mappings, List<Unknown> unknowns)
    {
        // What follows are its snapshots.
        var lines = file.Lines.TakeWhile(line => !line.Text.StartsWith('[')).ToList();
        if (lines.Exists(line => line.Text.StartsWith("hookscript:", StringComparison.Ordinal))) return [];
        var name = Visible.Text(ProxmoxConfig.Read(file.Text, vmid, out _).Name, 80);
        return lines.SelectMany(line => OfLine(line.Number, line.Text)).DistinctBy(tool => tool.Device!.Value with { Function = 0 });

        IEnumerable<ConflictingTool> OfLine(int number, string text)
        {
            ImmutableArray<ImmutableArray<GuestDevice>> alternatives =
                ProxmoxConfig.Read(text, vmid, out var mapped).Devices is { IsEmpty: false } devices ? [devices] : [];
            foreach (var mapping in mapped)
            {
                var known = mappings.Value.Of(mapping);
                alternatives = alternatives.AddRange(known);
                if (known.IsEmpty)
                    unknowns.Add(new Unknown(
                        UnknownFact.OtherPrograms,
                        Fact,
                        $"{name} gets a device by the mapping {Visible.Text(mapping, 60)}, for which /{ProxmoxMappings.Path} "
                            + "names none of this node."));
            }
            var isSure = alternatives.Length == 1;
            var moves = isSure ? "moves" : "may move";
            return alternatives.SelectMany(one => one).Select(device => new ConflictingTool(
                device.Address,
                $"Proxmox {moves} {device.Address.SlotName} to vfio-pci itself when it starts {name}, whoever uses it",
                $"Let gputty move it: {(isSure ? "" : "name the device by its address in the line hostpci, and ")}"
                    + $"give guest {vmid} the hookscript that gputty(1) shows at hook proxmox (qm set {vmid} --hookscript FILE).")
            {
                Tool = MovingTool.Proxmox,
                Where = new SourceLine(file.Path, number),
            });
        }
    }
}
