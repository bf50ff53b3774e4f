using System.Globalization;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Text;

namespace GpuTty.Linux.Kernel;

/// <summary>Which kernel this is, and how it was started.</summary>
internal static class KernelFacts
{
    /// <summary>What each makes below /run when it starts the system.</summary>
    private static readonly (string Sign, string Name)[] s_otherInits =
    [
        ("openrc", "OpenRC"),
        ("runit", "runit"),
        ("s6-rc", "s6"),
        ("dinitctl", "dinit"),
    ];

    public static string Release(FileSystemRoot root) => SysFiles.Word(root.Proc("sys/kernel/osrelease")) ?? "";

    /// <param name="host">Of an earlier look of this process, or nothing yet: what cannot change while a kernel runs is read once.</param>
    public static HostSnapshot AddTo(HostSnapshot host, FileSystemRoot root, List<Unknown> unknowns) =>
        (host.BootId.Length > 0 ? host : OfThisBoot(host, root)) with
        {
            HostName = Visible.Text(SysFiles.Word(root.Proc("sys/kernel/hostname")) ?? "", 255),
            Taint = Taint(root, unknowns),
            ModulesLocked = ModulesLocked(root, unknowns),
        };

    private static HostSnapshot OfThisBoot(HostSnapshot host, FileSystemRoot root) => host with
    {
        Kernel = Visible.Text(Release(root), 255),
        CommandLine = Visible.Text((SysFiles.Text(root.Proc("cmdline"), 64 * 1024) ?? "").Trim(), 16 * 1024),
        BootId = SysFiles.Word(root.Proc("sys/kernel/random/boot_id")) ?? "",
        RunsSystemd = SysFiles.Exists(root.Run("systemd/system")),
        MachineKind = host.MachineKind == MachineKind.Unknown ? MachineFacts.Read(root) : host.MachineKind,
        OtherInit = s_otherInits.Where(init => SysFiles.Exists(root.Run(init.Sign))).Select(init => init.Name).FirstOrDefault(),
    };

    /// <summary>The taint bits (/proc/sys/kernel/tainted); null where they cannot be read.</summary>
    public static long? Taint(FileSystemRoot root) =>
        long.TryParse(SysFiles.Word(Tainted(root)), NumberStyles.None, CultureInfo.InvariantCulture, out var taint) ? taint : null;

    private static long? Taint(FileSystemRoot root, List<Unknown> unknowns)
    {
        if (Taint(root) is { } taint) return taint;
        unknowns.Add(new Unknown(UnknownFact.KernelState, "whether the kernel has crashed", $"{Tainted(root)} cannot be read."));
        return null;
    }

    /// <summary>A kernel that has no modules, or is older than 2.6.31, has no such file.</summary>
    private static bool ModulesLocked(FileSystemRoot root, List<Unknown> unknowns)
    {
        var path = root.Proc("sys/kernel/modules_disabled");
        var text = SysFiles.Text(path, SysFiles.TableLimit, out var error)?.Trim();
        if (text is "0" or "1" || (text is null && error is null)) return text == "1";
        unknowns.Add(new Unknown(
            UnknownFact.Modules,
            "whether modules can be loaded and unloaded",
            $"{path} cannot be read{(error is null ? "" : $": {error}")}."));
        return false;
    }

    private static string Tainted(FileSystemRoot root) => root.Proc("sys/kernel/tainted");
}
