using System.Collections.Immutable;
using System.Globalization;
using GpuTty.Interop;

namespace GpuTty.Linux.Vt;

/// <summary>
/// Who is at the other end of a pseudo-terminal (pty(7)): the process with its master open, which shows what is written
/// to the slave. fdinfo of a master tells the slave's number since Linux 4.13 (pty_show_fdinfo in drivers/tty/pty.c).
/// </summary>
internal sealed class PseudoTerminals(FileSystemRoot root)
{
    /// <summary>Anybody may open as many files as he likes; what shows a terminal opens its master early.</summary>
    private const int MostFiles = 4096;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);
    private readonly HangTolerantScan<int> _scan = new(TimeSpan.FromSeconds(2));
    private ImmutableArray<int> _found = [];

    /// <summary>The processes with the master of /dev/pts/<paramref name="pts"/> open.</summary>
    /// <param name="pts">Its number.</param>
    /// <param name="near">The process itself or what it needs, looked at first: most often it is an ancestor.</param>
    /// <param name="isWhole">False where files of some process could not be listed, so that there may be another.</param>
    public ImmutableArray<int> MastersOf(int pts, ImmutableArray<int> near, out bool isWhole, CancellationToken cancel = default)
    {
        isWhole = true;
        var first = near.Concat(_found).Distinct().ToList();
        if (Among(first, pts, out var refusedFirst, cancel) is { IsEmpty: false } found) return found;
        var own = near.IsEmpty ? null : Namespace(Name(near[0]));
        var others = root.Processes()
            .Except(first)
            .Where(pid => Namespace(Name(pid)) is var other && (other is null || own is null || other == own))
            .ToList();
        found = Among(others, pts, out var refused, cancel);
        _found = found;
        isWhole = !refused && !refusedFirst;
        return found;
    }

    /// <summary>The consoles and pseudo-terminals that a process has open, each once.</summary>
    public ImmutableArray<TerminalDevice> OpenedBy(int pid) =>
        [.. Descriptors(pid, out _)
            .Select(name => TerminalDevice.OfPath(SysFiles.Link(root.Proc($"{Name(pid)}/fd/{name}"))))
            .OfType<TerminalDevice>()
            .Distinct()];

    private ImmutableArray<int> Among(List<int> pids, int pts, out bool refused, CancellationToken cancel)
    {
        var (results, late) = _scan.Read(pids, pid => new Answer(HasMasterOf(pid, pts, out var wasRefused), wasRefused), s_limit, cancel);
        refused = late.Count > 0 || results.Any(answer => answer is { WasRefused: true });
        return [.. pids.Zip(results).Where(pair => pair.Second is { HasMaster: true }).Select(pair => pair.First)];
    }

    private bool HasMasterOf(int pid, int pts, out bool wasRefused) =>
        Descriptors(
            pid,
            out wasRefused).Any(name =>
                SysFiles.Link(root.Proc($"{Name(pid)}/fd/{name}"))?.EndsWith("/ptmx", StringComparison.Ordinal) == true
                && SlaveOf(SysFiles.Text(root.Proc($"{Name(pid)}/fdinfo/{name}"), 4096)) == pts);

    private ImmutableArray<string> Descriptors(int pid, out bool wasRefused)
    {
        var names = SysFiles.Names(root.Proc($"{Name(pid)}/fd"), out var error, MostFiles);
        wasRefused = error is not null || names.Length == MostFiles;
        return names;
    }

    /// <summary>The number of the slave in the fdinfo of a master; null in any other.</summary>
    public static int? SlaveOf(string? fdinfo) =>
        fdinfo?.Split('\n').FirstOrDefault(line => line.StartsWith("tty-index:", StringComparison.Ordinal)) is { } line
            && int.TryParse(line.AsSpan("tty-index:".Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;

    /// <summary>Pseudo-terminals of a container are counted anew.</summary>
    private string? Namespace(string pid) => SysFiles.Link(root.Proc($"{pid}/ns/pid"));

    private static string Name(int pid) => pid.ToString(CultureInfo.InvariantCulture);

    private sealed record Answer(bool HasMaster, bool WasRefused);
}
