using GpuTty.Host.Boot;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Worker;

namespace GpuTty.Linux.Boot;

/// <summary>
/// The service that looks after the chosen cards when the machine starts: what the rule could not do,
/// an ordinary switch does, before somebody can log in who could be holding them. Display managers and gettys, which log people in and
/// start their compositors, come after systemd-user-sessions.service; the alias display-manager.service is for one that does not.
/// </summary>
internal static class BootUnit
{
    public const string Name = "gputty-boot.service";

    /// <summary>Below /etc; the second is the link that has it started.</summary>
    public const string Path = $"systemd/system/{Name}", Link = $"systemd/system/multi-user.target.wants/{Name}";

    /// <summary>Nobody waits for a login longer than its limit.</summary>
    public static string Text(OwnProgram program) => Text(program, "display-manager.service systemd-user-sessions.service", "2min");

    /// <summary>As it was written before: a compositor that a getty starts could be there first.</summary>
    public static string OlderText(OwnProgram program) => Text(program, "display-manager.service", "5min");

    private static string Text(OwnProgram program, string before, string limit) =>
        $"""
        # Written by gputty: gives chosen cards to vfio-pci when the machine starts. Taken away by: gputty boot host
        [Unit]
        Description=GpuTty gives graphics cards to vfio-pci before the desktop starts
        Documentation=man:gputty(1)
        ConditionKernelCommandLine=!{BootChoice.Escape}
        Before={before}

        [Service]
        Type=oneshot
        ExecStart={string.Join(' ', program.Command.Select(Word))} boot run
        Environment={string.Join(' ', program.Environment.Select(Word))}
        TimeoutStartSec={limit}
        UMask=0077

        """;

    /// <summary>In a unit's file a percent sign begins a specifier (systemd.unit(5)).</summary>
    private static string Word(string text) => TransientUnit.Word(text).Replace("%", "%%", StringComparison.Ordinal);
}
