using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Interop;
using GpuTty.Linux.Nodes;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>Processes that hold nodes: first all open files, which cannot hang, then memory maps, which can (a process in state D keeps its lock).</summary>
internal sealed class ProcHolders(MachineRoot root)
{
    private static readonly TimeSpan s_descriptorLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_mapLimit = TimeSpan.FromSeconds(1);
    private readonly PatientScan<int> _descriptors = new();
    private readonly PatientScan<int> _maps = new();

    public ImmutableArray<Holder> Read(NodeIndex index, List<Unknown> unknowns)
    {
        var pids = root.Processes();
        if (pids.IsEmpty) unknowns.Add(new Unknown(UnknownFact.Holders, "holders", $"{root.Proc("")} lists no processes."));
        var users = new Lazy<Dictionary<int, string>>(() => Users.Read(root));
        var refused = 0;
        var (opened, lateOpened) = _descriptors.Read(
            pids,
            pid => Look(pid, users, process =>
            {
                var held = ProcDescriptors.Read(process, index, out var wasRefused);
                if (wasRefused) Interlocked.Increment(ref refused);
                return held;
            }),
            s_descriptorLimit);
        var maps = new ProcMaps(index);
        var (mapped, lateMapped) = _maps.Read(pids, pid => Look(pid, users, maps.Read), s_mapLimit);
        if (refused > 0) unknowns.Add(new Unknown(UnknownFact.Holders, "holders", $"{Counted.Of(refused, "process", "processes")} could not be looked into; run as root."));
        foreach (var pid in lateOpened.Union(lateMapped)) unknowns.Add(new Unknown(UnknownFact.Holders, $"holders in process {pid}", "It does not answer; it may be stuck in the kernel."));
        return Merge(opened.Concat(mapped));
    }

    /// <summary>One process with all it holds. After a pid was given to another process the two parts stay apart and the newer wins.</summary>
    private static ImmutableArray<Holder> Merge(IEnumerable<Holder?> parts) =>
    [
        .. parts.OfType<Holder>()
            .GroupBy(part => (part.Pid, part.StartTime))
            .Select(same => same.First() with { Nodes = [.. same.SelectMany(part => part.Nodes)] })
            .GroupBy(holder => holder.Pid)
            .Select(same => same.MaxBy(holder => holder.StartTime)!)
            .OrderBy(holder => holder.Pid),
    ];

    private Holder? Look(int pid, Lazy<Dictionary<int, string>> users, Func<Folder, ImmutableArray<HeldNode>> read)
    {
        using var process = Folder.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
        if (process is null || read(process) is not { IsEmpty: false } nodes || ProcessStat.Read(process) is not { } stat) return null;
        var group = ControlGroup.Parse(Text(process.Bytes("cgroup"u8, 64 * 1024)));
        var uid = ParseUid(Text(process.Bytes("status"u8, 64 * 1024)));
        return new Holder
        {
            Pid = pid,
            StartTime = stat.StartTime,
            Name = Visible.Text((Text(process.Bytes("comm"u8)) ?? "?").TrimEnd('\n')),
            Uid = uid,
            User = users.Value.GetValueOrDefault(uid),
            Unit = group.Unit,
            UserUnit = group.UserUnit,
            Session = group.Session,
            Container = group.Container,
            Nodes = nodes,
        };
    }

    /// <summary>Real uid: who started it, also where it runs set-uid like Xorg.</summary>
    internal static int ParseUid(string? status)
    {
        var line = status?.Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        return line?.Split('\t', ' ') is [_, var real, ..] && int.TryParse(real, NumberStyles.None, null, out var uid) ? uid : -1;
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
