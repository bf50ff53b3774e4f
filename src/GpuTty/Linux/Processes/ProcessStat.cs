using System.Globalization;
using System.Text;
using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>The fields of /proc/PID/stat that tell which process this is and what it does (proc_pid_stat(5)).</summary>
/// <param name="Name">At most 15 characters, as the process chose them.</param>
/// <param name="State">R, S, D (cannot be interrupted), Z (ended, nobody has asked for its status), T, I, X.</param>
/// <param name="StartTime">Clock ticks since boot.</param>
internal sealed record ProcessStat(int Pid, string Name, char State, int Parent, long Flags, long StartTime)
{
    private const long KernelThread = 0x00200000;

    /// <summary>Number of its controlling terminal, packed (see <see cref="TerminalDevice.Unpacked"/>); 0 where it has none.</summary>
    public uint Terminal { get; init; }

    public bool IsKernelThread => (Flags & KernelThread) != 0;

    /// <summary>Of the whole process: its first thread may have ended before the others.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>A zombie runs no code any more, not even in the kernel, unless other threads of it live.</summary>
    public bool HasEnded => State == 'X' || (State == 'Z' && Threads <= 1);

    /// <summary>The first thread has ended and others live: what /proc shows below the number of the process is empty.</summary>
    public bool IsHeadless => State == 'Z' && Threads > 1;

    /// <summary>Of this machine; null when there is no such process, or it may not be looked into.</summary>
    public static ProcessStat? Read(int pid) => Read(FileSystemRoot.Live, pid);

    /// <summary>Null where there is no such process on the machine, or it may not be looked into.</summary>
    public static ProcessStat? Read(FileSystemRoot root, int pid)
    {
        using var process = DirectoryHandle.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
        return process is null ? null : Read(process);
    }

    /// <summary>The process whose /proc folder is open; null when it is gone.</summary>
    public static ProcessStat? Read(DirectoryHandle process) =>
        process.Line("stat") is { } bytes ? Parse(Encoding.UTF8.GetString(bytes)) : null;

    /// <summary>Names may hold spaces and parentheses; what counts comes after the last one.</summary>
    public static ProcessStat? Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.LastIndexOf(')');
        if (open < 0 || close < open) return null;
        var fields = text[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 && int.TryParse(text.AsSpan(0, open), CultureInfo.InvariantCulture, out var pid)
            && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent)
            && int.TryParse(fields[4], CultureInfo.InvariantCulture, out var terminal)
            && long.TryParse(fields[6], CultureInfo.InvariantCulture, out var flags)
            && int.TryParse(fields[17], CultureInfo.InvariantCulture, out var threads)
            && long.TryParse(fields[19], CultureInfo.InvariantCulture, out var start)
            ? new ProcessStat(pid, text[(open + 1)..close], fields[0][0], parent, flags, start)
            {
                Terminal = (uint)terminal,
                Threads = threads,
            }
            : null;
    }

    /// <summary>True while that very process runs, and not another one that got its number.</summary>
    public static bool Lives(int pid, long startTime) => Read(pid) is { HasEnded: false } process && process.StartTime == startTime;

    /// <summary>A process and everything above it, nearest first, up to the first process or to one that cannot be looked into.</summary>
    public static IEnumerable<int> WithAncestors(FileSystemRoot root, int pid)
    {
        for (var current = pid; current > 0; current = Read(root, current)?.Parent ?? 0) yield return current;
    }
}
