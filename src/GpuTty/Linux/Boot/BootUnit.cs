using GpuTty.Host.Boot;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Worker;

namespace GpuTty.Linux.Boot;

/// <summary>
/// The service that looks after the chosen cards when the machine starts: what the rule could not do,
/// an ordinary switch does, before the display manager is started and somebody could be holding them.
/// </summary>
internal static class BootUnit
{
    public const string Name = "gputty-boot.service";

    /// <summary>Below /etc; the second is the link that has it started.</summary>
    public const string Path = $"systemd/system/{Name}", Link = $"systemd/system/multi-user.target.wants/{Name}";

    public static string Text(OwnProgram program) =>
        $"""
        # Written by gputty: gives chosen cards to vfio-pci when the machine starts. Taken away by: gputty boot host
        [Unit]
        Description=GpuTty gives graphics cards to vfio-pci before the desktop starts
        Documentation=man:gputty(1)
        ConditionKernelCommandLine=!{BootChoice.Escape}
        Before=display-manager.service

        [Service]
        Type=oneshot
        ExecStart={string.Join(' ', program.Command.Select(Word))} boot run
        Environment={string.Join(' ', program.Environment.Select(Word))}
        TimeoutStartSec=5min
        UMask=0077

        """;

    /// <summary>In a unit's file a percent sign begins a specifier (systemd.unit(5)).</summary>
    private static string Word(string text) => TransientUnit.Word(text).Replace("%", "%%", StringComparison.Ordinal);
}
