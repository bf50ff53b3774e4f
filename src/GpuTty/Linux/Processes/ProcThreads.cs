using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>
/// Threads that /proc/PID does not speak for: one that has taken a table of descriptors for itself (unshare(2),
/// CLONE_FILES), and all of a process whose first thread has ended, which shows neither descriptors nor maps.
/// Each is a folder of its own below /proc, though not listed there (proc(5), /proc/tid).
/// </summary>
internal static class ProcThreads
{
    /// <summary>No program has more tables; of one that does, not all is told.</summary>
    private const int MostTables = 64;

    /// <summary>Of the folder of a process's threads, which names itself, its parent and them.</summary>
    private const uint LinksOfOneThread = 3;

    /// <summary>
    /// True where the process has no thread but its first, as nearly every one, told by one call: the kernel counts them, and among them
    /// one that has ended before the others (fs/proc/base.c, proc_task_getattr). False where it is not told so.
    /// </summary>
    public static bool IsOne(DirectoryHandle process) => process.Stat("task") is { Links: LinksOfOneThread };

    /// <summary>
    /// One thread for each table of descriptors that is not the process's. Where the kernel
    /// does not tell (kcmp(2)), none but that of a process whose first thread has ended.
    /// </summary>
    /// <param name="isWhole">False where there are more of them.</param>
    public static List<int> WithOwnDescriptors(FileSystemRoot root, DirectoryHandle process, int pid, out bool isWhole)
    {
        isWhole = true;
        if (IsOne(process)) return [];
        if (!FileComparison.ShareDescriptors(pid, pid))
            return ProcessStat.Read(process) is { IsHeadless: true } && WithMemory(root, process, pid) is { } living ? [living] : [];
        List<int> tables = [pid];
        foreach (var thread in Others(process, pid))
        {
            if (tables.Count > MostTables) break;
            if (!tables.Exists(known => FileComparison.ShareDescriptors(known, thread))) tables.Add(thread);
        }
        isWhole = tables.Count <= MostTables;
        tables.RemoveAt(0);
        return tables;
    }

    /// <summary>A thread that still shows the memory of the process; null where none does.</summary>
    public static int? WithMemory(FileSystemRoot root, DirectoryHandle process, int pid)
    {
        foreach (var thread in Others(process, pid))
        {
            if (ProcessStat.Read(root, thread) is { State: not ('Z' or 'X') }) return thread;
        }
        return null;
    }

    private static List<int> Others(DirectoryHandle process, int pid)
    {
        List<int> threads = [];
        using var list = process.List("task");
        while (list?.MoveNext() == true)
        {
            if (list.Number is { } thread && thread != pid) threads.Add(thread);
        }
        return threads;
    }
}
