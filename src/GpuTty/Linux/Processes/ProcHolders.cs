using System.Collections.Concurrent;
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
    private readonly PatientScan<int> _stats = new();
    private readonly OpenFiles _files = new();

    public ImmutableArray<Holder> Read(NodeIndex index, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        var pids = root.Processes();
        if (pids.IsEmpty) unknowns.Add(new Unknown(UnknownFact.Holders, "holders", $"{root.Proc("")} lists no processes."));
        var users = new Lazy<Dictionary<int, string>>(() => Users.Read(root));
        var refused = new ConcurrentDictionary<int, bool>();
        var maps = new ProcMaps(index);
        var (opened, lateOpened) = _descriptors.Read(
            pids,
            pid => Look(pid, users, refused, (Folder process, out bool wasRefused) => ProcDescriptors.Read(process, index, out wasRefused)),
            s_descriptorLimit,
            cancel);
        var (mapped, lateMapped) = _maps.Read(pids, pid => Look(pid, users, refused, maps.Read), s_mapLimit, cancel);
        var untold = MayHold([.. refused.Keys.Union(lateOpened).Union(lateMapped)], cancel).ToLookup(refused.ContainsKey);
        if (untold[true].Count() is > 0 and var count)
            unknowns.Add(new Unknown(UnknownFact.Holders, "holders", $"{Counted.Of(count, "process", "processes")} could not be looked into; run as root."));
        foreach (var pid in untold[false])
            unknowns.Add(new Unknown(UnknownFact.Holders, $"holders in process {pid}", "It does not answer; it may be stuck in the kernel.") { Of = $"{pid}" });
        var holders = Merge(opened.Concat(mapped));
        // The numbers in a captured tree are of processes that are not there.
        return root.IsLive ? _files.Tell(holders) : holders;
    }

    /// <summary>Those of them that may have files open: the kernel's own threads have none, and what has ended has closed all.</summary>
    private IEnumerable<int> MayHold(IReadOnlyList<int> pids, CancellationToken cancel)
    {
        var (stats, late) = _stats.Read(pids, pid =>
        {
            using var process = Folder.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
            var stat = process is null ? null : ProcessStat.Read(process);
            return stat ?? (Libc.WhyNot(null) is null ? null : ProcessStat.Untold);
        }, s_mapLimit, cancel);
        return pids.Zip(stats).Where(pair => pair.Second is { IsKernelThread: false, HasEnded: false }).Select(pair => pair.First).Union(late).Order();
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

    private delegate ImmutableArray<HeldNode> Reading(Folder process, out bool wasRefused);

    private Holder? Look(int pid, Lazy<Dictionary<int, string>> users, ConcurrentDictionary<int, bool> refused, Reading read)
    {
        using var process = Folder.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
        if (process is null)
        {
            if (Libc.WhyNot(null) is not null) refused.TryAdd(pid, true);
            return null;
        }
        var nodes = read(process, out var wasRefused);
        if (wasRefused) refused.TryAdd(pid, true);
        if (nodes.IsEmpty || ProcessStat.Read(process) is not { } stat) return null;
        return Describe(pid, process, stat, users.Value) with { Nodes = nodes };
    }

    /// <summary>Which process this is and whose, with nothing of what it holds.</summary>
    internal static Holder Describe(int pid, Folder process, ProcessStat stat, Dictionary<int, string> users)
    {
        var group = ControlGroup.Parse(Text(process.Bytes("cgroup"u8, 64 * 1024)));
        var uid = ParseUid(Text(process.Bytes("status"u8, 64 * 1024)));
        return new Holder
        {
            Pid = pid,
            StartTime = stat.StartTime,
            Name = Visible.Text((Text(process.Bytes("comm"u8)) ?? "?").TrimEnd('\n')),
            Uid = uid,
            User = users.GetValueOrDefault(uid),
            Unit = group.Unit,
            UserUnit = group.UserUnit,
            UserSlice = group.UserSlice,
            Session = group.Session,
            InitScript = group.InitScript,
            Container = group.Container,
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
