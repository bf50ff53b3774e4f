using GpuTty.Interop;

namespace GpuTty.Linux.Processes;

/// <summary>Whose processes /proc lists: those of one PID namespace and of what is inside it, and no others (pid_namespaces(7)).</summary>
internal static class PidNamespace
{
    /// <summary>The kernel gives the first one this number (PROC_PID_INIT_INO of include/linux/proc_ns.h).</summary>
    private const string First = "pid:[4026531836]";

    /// <summary>Why there may be processes that are not listed; null where all are.</summary>
    public static string? Hides(FileSystemRoot root)
    {
        var own = SysFiles.Link(root.Proc("self/ns/pid"));
        if (own == First) return null;
        if (own is not null) return "gputty runs in a container, or in a PID namespace of its own, which shows only its own processes.";
        // A kernel without such namespaces has others.
        return SysFiles.Names(root.Proc("self/ns")) is { IsEmpty: false } others && !others.Contains("pid") ? null
            : $"{root.Proc("self/ns/pid")} does not tell whether all processes are shown.";
    }
}
