using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>
/// One file of many processes that the kernel reads out of their memory: environ, cmdline (fs/proc/base.c, access_remote_vm). A process that is
/// stuck with the lock of its memory, or whose memory is a file that does not answer, blocks every reader; it costs a thread and nothing else.
/// </summary>
internal sealed class ProcMemory(MachineRoot root, string file)
{
    /// <summary>execve(2) lets a single string be as long; what is longer altogether is not read, for anybody may make his own so long.</summary>
    private const int Longest = 128 * 1024;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);
    private readonly PatientScan<int> _scan = new();

    /// <returns>What those have that answered, and those that did not.</returns>
    public (Dictionary<int, string> Texts, List<int> Late) Read(IReadOnlyList<int> pids, CancellationToken cancel = default)
    {
        var (texts, late) = _scan.Read(pids, pid => Files.Text(root.Proc($"{pid}/{file}"), Longest), s_limit, cancel);
        return (pids.Zip(texts).Where(pair => pair.Second is not null).DistinctBy(pair => pair.First).ToDictionary(pair => pair.First, pair => pair.Second!), late);
    }
}
