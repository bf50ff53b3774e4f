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

/// <summary>Processes that hold nodes: first all open files, which cannot hang,
/// then memory maps, which can (a process in state D keeps its lock).</summary>
internal sealed class ProcHolders(FileSystemRoot root)
{
    private static readonly TimeSpan s_descriptorLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_mapLimit = TimeSpan.FromSeconds(1);
    private readonly HangTolerantScan<int> _descriptors = new();
    private readonly HangTolerantScan<int> _maps = new();
    private readonly HangTolerantScan<int> _stats = new();
    private readonly OpenFiles _files = new();

    public ImmutableArray<Holder> Read(NodeIndex index, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        var pids = root.Processes();
        if (pids.IsEmpty) unknowns.Add(new Unknown(UnknownFact.Holders, "holders", $"{root.Proc("")} lists no processes."));
        var users = new Lazy<Dictionary<int, string>>(() => Users.Read(root));
        var refused = new ConcurrentDictionary<int, bool>();
        // The numbers in a captured tree are of processes that are not there.
        var tables = new SharedReadings(root, root.IsLive ? FileComparison.ShareDescriptors : (_, _) => false, s_descriptorLimit);
        var maps = new ProcMaps(index, new SharedReadings(root, root.IsLive ? FileComparison.ShareMemory : (_, _) => false, s_mapLimit));
        var (opened, lateOpened) = _descriptors.Read(
            pids,
            pid => Look(
                pid,
                users,
                refused,
                (DirectoryHandle process, out bool wasRefused) => Descriptors(process, pid, index, tables, out wasRefused)),
            s_descriptorLimit,
            cancel);
        var (mapped, lateMapped) = _maps.Read(
            pids,
            pid => Look(pid, users, refused, (DirectoryHandle process, out bool wasRefused) => Maps(process, pid, maps, out wasRefused)),
            s_mapLimit,
            cancel);
        var untold =
            MayHold([.. refused.Keys.Union(lateOpened).Union(lateMapped)], cancel).ToLookup(process => refused.ContainsKey(process.Pid));
        if (untold[true].Count() is > 0 and var count)
            unknowns.Add(new Unknown(
                UnknownFact.Holders,
                "holders",
                $"{Counted.Of(count, "process", "processes")} could not be looked "
                    + $"into{(Libc.EffectiveUser() == 0 ? "" : "; run as root")}."));
        unknowns.AddRange(LateProcesses.Of([.. untold[false]], users));
        var holders = Merge(opened.Concat(mapped));
        return root.IsLive ? _files.Tell(holders) : holders;
    }

    private ImmutableArray<HeldNode> Descriptors(
        DirectoryHandle process, int pid, NodeIndex index, SharedReadings tables, out bool wasRefused)
    {
        var held = ProcDescriptors.Read(process, pid, index, tables, out wasRefused);
        if (!root.IsLive || wasRefused) return held;
        var threads = ProcThreads.WithOwnDescriptors(root, process, pid, out var isWhole);
        foreach (var thread in threads)
        {
            using var folder = DirectoryHandle.Open(root.Proc(thread.ToString(CultureInfo.InvariantCulture)));
            if (folder is null) continue;
            held = held.AddRange(ProcDescriptors.Read(folder, thread, index, tables, out var wasThreadRefused));
            wasRefused |= wasThreadRefused;
        }
        wasRefused |= !isWhole;
        return held;
    }

    private ImmutableArray<HeldNode> Maps(DirectoryHandle process, int pid, ProcMaps maps, out bool wasRefused)
    {
        var held = maps.Read(process, pid, out wasRefused);
        if (!held.IsEmpty
            || wasRefused
            || ProcessStat.Read(process) is not { IsHeadless: true }
            || ProcThreads.WithMemory(root, process, pid) is not { } thread)
            return held;
        using var folder = DirectoryHandle.Open(root.Proc(thread.ToString(CultureInfo.InvariantCulture)));
        return folder is null ? held : maps.Read(folder, thread, out wasRefused);
    }

    /// <summary>Those of them that may have files open: the kernel's own threads have none, and what has ended has closed all.</summary>
    private IEnumerable<LateProcess> MayHold(IReadOnlyList<int> pids, CancellationToken cancel)
    {
        var (found, late) = _stats.Read(pids, pid =>
        {
            using var process = DirectoryHandle.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
            var stat = process is null ? null : ProcessStat.Read(process);
            if (stat is null && Libc.WhyNot(null) is null || stat is { IsKernelThread: true } or { HasEnded: true }) return null;
            return new LateProcess(pid, process is null ? -1 : ParseUid(Text(process.Bytes("status"u8, 64 * 1024))));
        }, s_mapLimit, cancel);
        return found.OfType<LateProcess>().Concat(late.Select(pid => new LateProcess(pid, -1))).OrderBy(process => process.Pid);
    }

    /// <summary>One process with all it holds. After a pid was given to
    /// another process the two parts stay apart and the newer wins.</summary>
    private static ImmutableArray<Holder> Merge(IEnumerable<Holder?> parts) =>
    [
        .. parts.OfType<Holder>()
            .GroupBy(part => (part.Pid, part.StartTime))
            .Select(same => same.First() with { Nodes = [.. same.SelectMany(part => part.Nodes)] })
            .GroupBy(holder => holder.Pid)
            .Select(same => same.MaxBy(holder => holder.StartTime)!)
            .OrderBy(holder => holder.Pid),
    ];

    private delegate ImmutableArray<HeldNode> Reading(DirectoryHandle process, out bool wasRefused);

    private Holder? Look(int pid, Lazy<Dictionary<int, string>> users, ConcurrentDictionary<int, bool> refused, Reading read)
    {
        using var process = DirectoryHandle.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
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
    internal static Holder Describe(int pid, DirectoryHandle process, ProcessStat stat, Dictionary<int, string> users)
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
