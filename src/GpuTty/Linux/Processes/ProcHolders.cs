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
/// <param name="root">Where processes are looked at.</param>
/// <param name="mostOfLarge">Descriptors, and mappings, that are read of processes with hundreds of them.</param>
internal sealed class ProcHolders(FileSystemRoot root, int mostOfLarge = SharedReadings.MostRead)
{
    private static readonly TimeSpan s_descriptorLimit = TimeSpan.FromSeconds(5);
    // Paid once for one that hangs. A process that is only kept waiting by a busy machine is read in this time.
    private static readonly TimeSpan s_mapLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_longestOfLarge = TimeSpan.FromSeconds(4);
    private readonly HangTolerantScan<int> _descriptors = new();
    private readonly HangTolerantScan<int> _maps = new();
    private readonly HangTolerantScan<int> _stats = new();
    private readonly SharedFileDescriptions _files = new();

    public ImmutableArray<Holder> Read(NodeIndex index, List<Unknown> unknowns, CancellationToken cancel = default)
    {
        var pids = root.Processes();
        if (pids.IsEmpty) unknowns.Add(new Unknown(UnknownFact.Holders, "holders", $"{root.Proc("")} lists no processes."));
        if (root.IsLive && PidNamespace.Hides(root) is { } hidden) unknowns.Add(new Unknown(UnknownFact.Holders, "holders", hidden));
        string? namesProblem = null;
        var users = new Lazy<Dictionary<int, string>>(() => Users.Read(root, out namesProblem));
        // The numbers in a captured tree are of processes that are not there.
        var tables = new SharedReadings(root, root.IsLive ? FileComparison.ShareDescriptors : (_, _) => false, mostOfLarge);
        var memories = new SharedReadings(root, root.IsLive ? FileComparison.ShareMemory : (_, _) => false, mostOfLarge);
        var buffers = new DmaBuffers();
        var maps = new ProcMaps(index, buffers, memories);
        var opened = ReadAll(
            _descriptors,
            pids,
            users,
            tables,
            (process, pid, over) => Descriptors(process, pid, index, buffers, tables, over),
            s_descriptorLimit,
            cancel);
        var mapped = ReadAll(_maps, pids, users, memories, (process, pid, over) => Maps(process, pid, maps, over), s_mapLimit, cancel);
        var refused = opened.Refused.Union(mapped.Refused).ToHashSet();
        var untold = MayHold([.. refused.Union(opened.Late).Union(mapped.Late)], cancel).ToLookup(process => refused.Contains(process.Pid));
        if (untold[true].Count() is > 0 and var count)
            unknowns.Add(new Unknown(
                UnknownFact.Holders,
                "holders",
                $"{Counted.Of(count, "process", "processes")} could not be looked "
                    + $"into{(Libc.EffectiveUser() == 0 ? "" : "; run as root")}."));
        unknowns.AddRange(LateProcesses.Of([.. untold[false]], users));
        if (namesProblem is { } why) unknowns.Add(new Unknown(UnknownFact.Accounts, "names of users", why));
        var holders = Merge(opened.Held.Concat(mapped.Held));
        return root.IsLive ? _files.Tell(holders) : holders;
    }

    private delegate ProcessReading Reading(DirectoryHandle process, int pid, CancellationToken over);

    /// <summary>What was found of all processes; of which of them not everything was, and why not.</summary>
    private readonly record struct Readings(IEnumerable<Holder?> Held, IEnumerable<int> Refused, IEnumerable<int> Late);

    /// <summary>First those that are read at once, together; then those with much
    /// open, one after the other, as long as there is time for them.</summary>
    private Readings ReadAll(
        HangTolerantScan<int> scan,
        IReadOnlyList<int> pids,
        Lazy<Dictionary<int, string>> users,
        SharedReadings shared,
        Reading read,
        TimeSpan limit,
        CancellationToken cancel)
    {
        var ends = new ConcurrentDictionary<int, ReadingEnd>();
        Holder? Read(int pid, CancellationToken over) => Look(pid, users, ends, read, over);
        var (held, late) = scan.Read(pids, Read, limit, cancel);
        shared.BeginAnew();
        var (heldThen, lateThen) = scan.Read([.. With(ReadingEnd.Later).Order()], Read, limit, cancel, mostThreads: 1, s_longestOfLarge);
        return new Readings(
            held.Concat(heldThen),
            With(ReadingEnd.Refused),
            late.Concat(lateThen).Concat(With(ReadingEnd.TooMuch)).Concat(With(ReadingEnd.Later)));

        IEnumerable<int> With(ReadingEnd end) => ends.Where(one => one.Value == end).Select(one => one.Key);
    }

    private ProcessReading Descriptors(
        DirectoryHandle process, int pid, NodeIndex index, DmaBuffers buffers, SharedReadings tables, CancellationToken over)
    {
        var read = ProcDescriptors.Read(process, pid, index, buffers, tables, over);
        if (!root.IsLive || read.End != ReadingEnd.Whole) return read;
        var threads = ProcThreads.WithOwnDescriptors(root, process, pid, out var isWhole);
        foreach (var thread in threads)
        {
            using var folder = DirectoryHandle.Open(root.Proc(thread.ToString(CultureInfo.InvariantCulture)));
            if (folder is not null) read = read.And(ProcDescriptors.Read(folder, thread, index, buffers, tables, over));
        }
        return isWhole ? read : read.And(ProcessReading.Not(ReadingEnd.Refused));
    }

    private ProcessReading Maps(DirectoryHandle process, int pid, ProcMaps maps, CancellationToken over)
    {
        var read = maps.Read(process, pid, over, out var isEmpty);
        // The kernel's own threads show none either.
        var isHeadless = isEmpty && read.End == ReadingEnd.Whole && !ProcThreads.IsOne(process)
            && ProcessStat.Read(process) is { IsHeadless: true };
        if (!isHeadless) return read;
        if (ProcThreads.WithMemory(root, process, pid) is not { } thread) return read;
        using var folder = DirectoryHandle.Open(root.Proc(thread.ToString(CultureInfo.InvariantCulture)));
        return folder is null ? read : maps.Read(folder, thread, over, out _);
    }

    /// <summary>Those of them that may have files open: the kernel's own threads have none, and what has ended has closed all.</summary>
    private IEnumerable<LateProcess> MayHold(IReadOnlyList<int> pids, CancellationToken cancel)
    {
        var (found, late) = _stats.Read(pids, pid =>
        {
            using var process = DirectoryHandle.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
            var stat = process is null ? null : ProcessStat.Read(process);
            if (stat is null && Libc.WhyNot(null) is null || stat is { IsKernelThread: true } or { HasEnded: true }) return null;
            return new LateProcess(pid, process is null ? -1 : ParseUid(Text(process.Bytes("status", 64 * 1024))));
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

    private Holder? Look(
        int pid,
        Lazy<Dictionary<int, string>> users,
        ConcurrentDictionary<int, ReadingEnd> ends,
        Reading read,
        CancellationToken over)
    {
        using var process = DirectoryHandle.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
        if (process is null)
        {
            if (Libc.WhyNot(null) is not null) ends[pid] = ReadingEnd.Refused;
            return null;
        }
        var reading = read(process, pid, over);
        ends[pid] = reading.End;
        if (reading.Nodes.IsEmpty || ProcessStat.Read(process) is not { } stat) return null;
        var holder = Describe(pid, process, stat, users.Value);
        return holder with { Nodes = reading.Nodes, Container = LxcManager.Named(root, holder.Container) };
    }

    /// <summary>Which process this is and whose, with nothing of what it holds.</summary>
    internal static Holder Describe(int pid, DirectoryHandle process, ProcessStat stat, Dictionary<int, string> users)
    {
        var group = ControlGroup.Parse(Text(process.Bytes("cgroup", 64 * 1024)));
        var uid = ParseUid(Text(process.Bytes("status", 64 * 1024)));
        return new Holder
        {
            Pid = pid,
            StartTime = stat.StartTime,
            Name = Visible.Text((Text(process.Line("comm")) ?? "?").TrimEnd('\n')),
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
