using System.Globalization;
using System.Text;
using GpuTty.Interop;
using GpuTty.Linux.Processes;

namespace GpuTty.Linux.Writes;

/// <summary>The child of a worker that was killed before it could note the child's number, found by its command.</summary>
internal static class OrphanedWriter
{
    // TASK_COMM_LEN, with its end.
    private const int LongestName = 15;

    /// <returns>Null when there is none. One of that name that does not answer is rather taken for it than forgotten.</returns>
    public static ProcessStat? Find(FileSystemRoot root, ProcMemory commands, string[] command)
    {
        var name = Path.GetFileName(command[0]);
        var alike = root.Processes().Select(pid => OfRoot(root, pid)).OfType<ProcessStat>()
            .Where(process => !process.HasEnded && process.Name == name[..Math.Min(name.Length, LongestName)]).ToList();
        var (texts, late, _) = commands.Read([.. alike.Select(process => process.Pid)]);
        return alike.Find(process => texts.TryGetValue(process.Pid, out var text) && text.TrimEnd('\0').Split('\0').SequenceEqual(command))
            ?? alike.Find(process => late.Contains(process.Pid));
    }

    /// <summary>Our children run as we do; whoever else calls himself like one is none.</summary>
    private static ProcessStat? OfRoot(FileSystemRoot root, int pid)
    {
        using var process = DirectoryHandle.Open(root.Proc(pid.ToString(CultureInfo.InvariantCulture)));
        return process?.Bytes("status", 64 * 1024) is { } status
            && ProcHolders.ParseUid(Encoding.UTF8.GetString(status)) == (int)Libc.EffectiveUser()
            ? ProcessStat.Read(process)
            : null;
    }
}
