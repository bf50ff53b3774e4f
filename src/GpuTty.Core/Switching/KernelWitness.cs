using System.Text.RegularExpressions;

namespace GpuTty.Switching;

/// <summary>What a line of the kernel's log means for a switch, from harmless to fatal.</summary>
public enum KernelSign
{
    /// <summary>Nothing out of the ordinary.</summary>
    None,
    /// <summary>A driver, the bus or the IOMMU complains.</summary>
    Trouble,
    /// <summary>The kernel has met what must not be (WARN_ON), and goes on.</summary>
    Warning,
    /// <summary>Something waits far too long; it may never come back.</summary>
    Hang,
    /// <summary>A part of the kernel has died (BUG, oops): what it held is locked for ever, and nothing more may be written.</summary>
    Crash,
}

/// <summary>Reads the kernel's own lines as a witness of a run. Only for lines with the kernel's facility: programs can write any other.</summary>
public static partial class KernelWitness
{
    private static readonly (KernelSign Sign, Regex Words)[] s_table =
    [
        // Long waits come first: some of them begin with BUG: and end by themselves (kernel/watchdog.c, kernel/workqueue.c, kernel/hung_task.c, kernel/rcu).
        (KernelSign.Hang, Lockup()), (KernelSign.Hang, HungTask()), (KernelSign.Hang, RcuStall()),
        // lib/bug.c, arch/*/mm/fault.c, kernel/sched/core.c, kernel/panic.c; [#1] counts the deaths of this boot.
        (KernelSign.Crash, Bug()), (KernelSign.Crash, Oops()), (KernelSign.Crash, Panic()), (KernelSign.Crash, Atomic()),
        (KernelSign.Warning, Warn()),
        // NVIDIA's driver says NVRM: before everything; its first line is no complaint.
        (KernelSign.Trouble, Nvrm()), (KernelSign.Trouble, Vfio()), (KernelSign.Trouble, Iommu()), (KernelSign.Trouble, Bus()),
        (KernelSign.Trouble, Power()), (KernelSign.Trouble, Driver()),
    ];

    public static KernelSign Of(string text) => s_table.FirstOrDefault(row => row.Words.IsMatch(text)).Sign;

    /// <param name="text">The line.</param>
    /// <param name="priority">The kernel's own level, 0 (emergency) to 7 (debug).</param>
    public static LogLevel LevelOf(string text, int priority) => Of(text) switch
    {
        KernelSign.Crash or KernelSign.Hang => LogLevel.Error,
        KernelSign.Warning or KernelSign.Trouble => LogLevel.Warning,
        _ => priority <= 4 ? LogLevel.Warning : LogLevel.Info,
    };

    [GeneratedRegex("soft lockup|hard LOCKUP|workqueue lockup")]
    private static partial Regex Lockup();

    [GeneratedRegex("^INFO: task .+ blocked for more than \\d+ seconds")]
    private static partial Regex HungTask();

    [GeneratedRegex("^(rcu: )?INFO: rcu\\w* (self-)?detected .*stall")]
    private static partial Regex RcuStall();

    [GeneratedRegex("^(BUG: |kernel BUG at )")]
    private static partial Regex Bug();

    [GeneratedRegex("^(Oops|Internal error): |\\[#\\d+\\]|^general protection fault|^Unable to handle kernel |^double fault")]
    private static partial Regex Oops();

    [GeneratedRegex("^Kernel panic")]
    private static partial Regex Panic();

    [GeneratedRegex("scheduling while atomic")]
    private static partial Regex Atomic();

    [GeneratedRegex("^WARNING: ")]
    private static partial Regex Warn();

    [GeneratedRegex("^NVRM: (?!loading )")]
    private static partial Regex Nvrm();

    [GeneratedRegex("^vfio.*(in use|Relaying|failed|can't|cannot|timed out|not ready|invalid|Invalid|requires)")]
    private static partial Regex Vfio();

    [GeneratedRegex("(DMAR|AMD-Vi|arm-smmu\\S*): .*([Ff]ault|Event logged|timed out|IO_PAGE_FAULT|event 0x)")]
    private static partial Regex Iommu();

    [GeneratedRegex("AER: (?!enabled)|PCIe Bus Error|pciehp.*(Link Down|Card not present)|[Ff]allen off the bus")]
    private static partial Regex Bus();

    [GeneratedRegex("[Uu]nable to change power state|not ready \\d+ms after|can't change power state|device inaccessible")]
    private static partial Regex Power();

    [GeneratedRegex("\\*ERROR\\*|failed with error -\\d+|[Rr]esource sanity check|GPU (hang|reset)|ring \\S+ timeout")]
    private static partial Regex Driver();
}
