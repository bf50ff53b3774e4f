using System.Text.RegularExpressions;
using GpuTty.Switching;

namespace GpuTty.Linux.Kernel;

/// <summary>Reads the kernel's own lines as a witness of a run. Only for
/// lines with the kernel's facility: programs can write any other.</summary>
internal static partial class KernelLogClassifier
{
    // Names of processes and of network devices have at most 15 bytes (TASK_COMM_LEN, IFNAMSIZ), and
    // anybody gives them. Some lines begin with one, others end with one: what is taken for a death or
    // a hang has more than 15 letters of the kernel's own before any name, or is a whole line of die().
    private static readonly (KernelEvent Sign, Regex Words)[] s_table =
    [
        // Before all else what somebody without root can have printed with two names of his own choice.
        (KernelEvent.None, OfNetworkDevices()),
        // Long waits come first: some of them begin with BUG: and end by themselves
        // (kernel/watchdog.c, kernel/workqueue.c, kernel/hung_task.c, kernel/rcu).
        (KernelEvent.Hang, Lockup()),
        (KernelEvent.Hang, HungTask()),
        (KernelEvent.Hang, RcuStall()),
        // lib/bug.c, arch/*/mm/fault.c, kernel/sched/core.c, mm/kasan/report.c, mm/memory.c, kernel/panic.c.
        (KernelEvent.Crash, Bug()),
        (KernelEvent.Crash, BugAt()),
        (KernelEvent.Crash, Sanitizer()),
        (KernelEvent.Crash, Die()),
        (KernelEvent.Crash, Fault()),
        (KernelEvent.Crash, Panic()),
        // What programs did and what devices call themselves is nothing, whatever it looks like.
        (KernelEvent.None, OfPrograms()),
        (KernelEvent.None, OfDevices()),
        (KernelEvent.Warning, Warn()),
        // NVIDIA's driver says NVRM: before everything; its first line is no complaint.
        (KernelEvent.Trouble, Nvrm()),
        (KernelEvent.Trouble, Vfio()),
        (KernelEvent.Trouble, Iommu()),
        (KernelEvent.Trouble, Bus()),
        (KernelEvent.Trouble, Power()),
        (KernelEvent.Trouble, Driver()),
        (KernelEvent.Trouble, Firmware()),
        (KernelEvent.Trouble, Containment()),
        (KernelEvent.Trouble, NvidiaScreen()),
        (KernelEvent.Trouble, Duplicate()),
        (KernelEvent.Trouble, Sound()),
        (KernelEvent.Trouble, AmdFirmware()),
        (KernelEvent.Trouble, Nouveau()),
    ];

    public static KernelEvent Of(string text) => s_table.FirstOrDefault(row => row.Words.IsMatch(text)).Sign;

    /// <param name="text">The line.</param>
    /// <param name="priority">The kernel's own level, 0 (emergency) to 7 (debug).</param>
    public static LogLevel LevelOf(string text, int priority) => Of(text) switch
    {
        KernelEvent.Crash or KernelEvent.Hang => LogLevel.Error,
        KernelEvent.Warning or KernelEvent.Trouble => LogLevel.Warning,
        _ => priority <= 4 ? LogLevel.Warning : LogLevel.Info,
    };

    [GeneratedRegex("^((NMI )?watchdog: )?(BUG: soft lockup - CPU#\\d+ stuck for|(CPU\\d+: "
        + ")?Watchdog detected hard LOCKUP on cpu \\d)|^BUG: workqueue lockup - pool")]
    private static partial Regex Lockup();

    [GeneratedRegex("^INFO: task .{1,60}:\\d+ blocked (\\S.{0,40} )?for more than \\d+ seconds")]
    private static partial Regex HungTask();

    [GeneratedRegex("^(rcu: )?INFO: rcu\\w* (self-)?detected (expedited )?stalls? on CPU")]
    private static partial Regex RcuStall();

    [GeneratedRegex("^BUG: (kernel NULL pointer dereference|unable to handle (page fault for address|kernel (NULL pointer|paging "
        + "request))|scheduling (while atomic|in a non-blocking)"
        + "|sleeping function called from invalid context at |Bad page (state in process|map in process)|Bad rss-counter state |(\\S+ "
        + ")?stack guard page was hit at "
        + "|(spin|rw)lock (bad magic|already unlocked|wrong owner|wrong CPU|recursion|cpu recursion|lockup suspected) on "
        + "CPU#|workqueue leaked (lock|atomic)|non-zero pgtables_bytes on )")]
    private static partial Regex Bug();

    [GeneratedRegex("^kernel BUG at (\\S+:\\d+!|\\S+ \\[verbose debug info unavailable\\])$")]
    private static partial Regex BugAt();

    [GeneratedRegex("^BUG: (KASAN|KMSAN|KCSAN|KFENCE): [a-z -]+ in \\S+\\+0x[0-9a-f]+/0x")]
    private static partial Regex Sanitizer();

    // What ends a line of die(): the number of the death in this boot, and how the kernel was built.
    private const string Death = "\\[#\\d+\\](  ?[A-Z][A-Z0-9_{},]*(\\([a-z]+\\)\\}?)?)*$";

    private const string X86Words = "Oops|invalid opcode|divide error|double fault|stack segment|stack guard page|segment not "
        + "present|invalid TSS|bounds|overflow|int3|alignment check|coprocessor segment overrun"
        + "|(fpu|simd|x87 FPU) exception|control protection fault|general protection fault(, "
        + "(probably|maybe) for [a-z -]+ (0x)?[0-9a-f]+)?";

    /// <summary>
    /// What die() prints, the whole line, for each processor (arch/x86/kernel/dumpstack.c,
    /// arch/s390/kernel/dumpstack.c, arch/arm64/kernel/traps.c, arch/powerpc/kernel/traps.c, arch/riscv/kernel/traps.c,
    /// arch/loongarch/kernel/traps.c). A name before a colon is followed by words, never by the code of a fault alone.
    /// </summary>
    [GeneratedRegex("^(Oops: )?("
        + X86Words
        + "): [0-9a-f]{4} "
        + Death
        + "|^(Oops|illegal operation|monitor event|addressing exception|specification exception|data exception|protection "
        + "exception|translation exception): [0-9a-f]{4} ilc:\\d "
        + Death
        + "|^Internal error: [A-Za-z][A-Za-z0-9 ,.()/_-]*: [0-9a-f]{1,16} "
        + Death
        + "|^Oops: [A-Z][A-Za-z ,()-]+, sig: \\d+ "
        + Death
        + "|^(Oops|Kernel BUG)( - [a-z][A-Za-z ()-]*)? "
        + Death
        + "|^(Oops|Kernel bug detected|Reserved instruction in kernel code)\\[#\\d+\\]:$")]
    private static partial Regex Die();

    [GeneratedRegex("^(general protection fault, (probably|maybe) for |Unable to handle kernel |(traps: )?PANIC: double fault)")]
    private static partial Regex Fault();

    [GeneratedRegex("^Kernel panic - not syncing")]
    private static partial Regex Panic();

    /// <summary>arch/*/mm/fault.c, arch/x86/kernel (traps.c, signal.c, umip.c),
    /// arch/arm64/kernel/traps.c, mm/page_alloc.c, mm/oom_kill.c, kernel/audit.c.</summary>
    [GeneratedRegex("^.{1,60}\\[\\d+\\](: (segfault at|unhandled )| bad frame in | vsyscall |: "
        + "syscall )|^((traps|umip|audit|uprobe|warning|capability|netlink): |process ')|^.{1,60}: "
        + "page allocation (failure|stalls)|^.{1,60} invoked oom-killer: |^.{1,60} \\(\\d+\\): (drop_caches|attempted|Using) ")]
    private static partial Regex OfPrograms();

    /// <summary>drivers/usb/core/hub.c, drivers/input/input.c, drivers/hid/hid-core.c, drivers/scsi/scsi_scan.c.</summary>
    [GeneratedRegex("^(usb \\S+: (Product|Manufacturer|SerialNumber): |input: |hid-\\S+ \\S+: |scsi \\S+: )")]
    private static partial Regex OfDevices();

    /// <summary>net/core/dev.c: the old name comes last, so that both ends of the line are somebody's.</summary>
    [GeneratedRegex("^[^\\s:/]{1,15}( \\(\\w+\\))?: renamed from [^\\s:/]{1,15}( \\(while UP\\))?$")]
    private static partial Regex OfNetworkDevices();

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

    // The lines of dev_printk: a driver's name and an address come first.
    private const string Device = "^[A-Za-z0-9_.-]+ ([0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]: ";

    /// <summary>drivers/iommu/intel/iommu.c (RMRR), drivers/iommu/iommu.c
    /// (1:1 mapping): the kernel will not give this device away.</summary>
    [GeneratedRegex(Device
        + "(DMAR: )?(Device is ineligible for IOMMU domain attach due to platform RMRR|Firmware has requested this device have a 1:1 "
        + "IOMMU mapping)")]
    private static partial Regex Firmware();

    /// <summary>drivers/pci/pcie/dpc.c; that a port can do it is no complaint.</summary>
    [GeneratedRegex(Device + "DPC: (?!error containment capabilities)")]
    private static partial Regex Containment();

    [GeneratedRegex("^nvidia-modeset: (ERROR|WARNING): ")]
    private static partial Regex NvidiaScreen();

    /// <summary>fs/sysfs/dir.c, lib/kobject.c.</summary>
    [GeneratedRegex("^sysfs: cannot create duplicate filename '/|^kobject: \\w+ failed for \\S+ with -EEXIST")]
    private static partial Regex Duplicate();

    /// <summary>sound/hda (hdac_controller.c, hda_controller.c): the card's sound answers nothing.</summary>
    [GeneratedRegex(Device + "(CORB reset timeout#\\d|no codecs (found|initialized)!|azx_get_response timeout|No response from codec)")]
    private static partial Regex Sound();

    /// <summary>drivers/gpu/drm/amd/pm/swsmu/smu_cmn.c and the resets that its silence leads to.</summary>
    [GeneratedRegex(Device
        + "(amdgpu: )?(SMU: (I'm not done with your previous command|response:)|SMU is in hanged state|Msg issuing pre-check "
        + "failed|[Ff]ailed to (send message|disable smu|export SMU))")]
    private static partial Regex AmdFirmware();

    /// <summary>drivers/gpu/drm/nouveau/nvkm: faults of the engines, and waits that came to nothing.</summary>
    [GeneratedRegex("^nouveau ([0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]: (\\w+: (fault |SCHED_ERROR|TRAP|MMIO (read|write) of "
        + "\\S+ FAULT|.*(failed|timed out|timeout))|timeout)")]
    private static partial Regex Nouveau();
}
