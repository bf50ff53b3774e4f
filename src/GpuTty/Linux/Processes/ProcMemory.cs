using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>
/// One file of many processes that the kernel reads out of their memory: environ, cmdline
/// (fs/proc/base.c, access_remote_vm). A process that is stuck with the lock of its memory, or whose
/// memory is a file that does not answer, blocks every reader; it costs a thread and nothing else.
/// </summary>
internal sealed class ProcMemory(FileSystemRoot root, string file)
{
    /// <summary>execve(2) lets a single string be as long; what is longer
    /// altogether is not read, for anybody may make his own so long.</summary>
    private const int Longest = 128 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);
    private readonly HangTolerantScan<int> _scan = new();

    /// <returns>What those have that answered, those that did not, and those that have more than is read.</returns>
    public (Dictionary<int, string> Texts, List<int> Late, List<int> TooLong) Read(
        IReadOnlyList<int> pids, CancellationToken cancel = default)
    {
        var (answers, late) = _scan.Read(pids, Look, s_limit, cancel);
        var told = pids.Zip(answers).Where(pair => pair.Second is not null).DistinctBy(pair => pair.First).ToList();
        return (told.Where(pair => pair.Second!.Text is not null).ToDictionary(pair => pair.First, pair => pair.Second!.Text!), late,
            [.. told.Where(pair => pair.Second!.Text is null).Select(pair => pair.First)]);
    }

    /// <summary>Null where there is no such process, or where it may not be looked into.</summary>
    private Answer? Look(int pid)
    {
        var text = SysFiles.Text(root.Proc($"{pid}/{file}"), Longest, out var error);
        return text is not null || error == SysFiles.TooLong ? new Answer(text) : null;
    }

    private sealed record Answer(string? Text);
}
