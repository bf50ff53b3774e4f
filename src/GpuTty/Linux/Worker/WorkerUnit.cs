using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Planning.Plans;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Worker;

/// <summary>
/// The transient unit that the worker is (systemd-run(1), systemd.service(5), systemd.kill(5)): it belongs to nobody's session, a
/// deadline ends it, and however it ends, the recovery runs after it.
/// </summary>
internal static class WorkerUnit
{
    public const string Name = "gputty-switch.service";

    /// <summary>True while the unit has a control group, which everybody may see: it runs, or clears up.</summary>
    public static bool IsThere(MachineRoot root) =>
        ((string[])["fs/cgroup", "fs/cgroup/systemd", "fs/cgroup/unified"]).Any(tree => Files.Exists(root.Sys($"{tree}/system.slice/{Name}")));

    public static string[] Arguments(OwnProgram program, SwitchPlan plan, string request)
    {
        // Taking back may need as long again as the way there; SIGTERM means "take everything back", so it gets that time too.
        var oneWay = Math.Max(60, (int)plan.Steps.Sum(step => step.Limit().TotalSeconds)) + 30;
        var recovery = $"{string.Join(' ', program.Command.Select(Quote))} recover";
        return
        [
            $"--unit={Name}",
            "--description=GpuTty switches a graphics card",
            "--collect",
            "--quiet",
            "--no-ask-password",
            // The caller learns whether the program could be started at all.
            "--service-type=exec",
            // A child that hangs in the kernel cannot be killed; waiting for it would hold up the recovery by the whole stop time-out.
            "--property=KillMode=process",
            "--property=SendSIGHUP=no",
            $"--property=RuntimeMaxSec={(2 * oneWay) + (int)Wish.Patience.TotalSeconds}",
            $"--property=TimeoutStopSec={oneWay}",
            "--property=OOMScoreAdjust=-900",
            "--property=StandardInput=null",
            "--property=UMask=0077",
            "--property=UnsetEnvironment=TERM HOME",
            .. program.Environment.Select(pair => $"--setenv={pair}"),
            // Twice, each whatever became of the one before: a recovery that is killed as well must not leave the desktop down.
            $"--property=ExecStopPost=-{recovery}",
            $"--property=ExecStopPost=-{recovery}",
            "--",
            .. program.Command.Select(Plain),
            "worker",
            request,
        ];
    }

    /// <summary>A word of a unit file's command line (systemd.syntax(7), "Quoting").</summary>
    internal static string Quote(string path) =>
        $"\"{Plain(path).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>systemd expands variables in some words of a command line and not in others; a path that has none is the same everywhere.</summary>
    internal static string Plain(string path) => path.Any(c => char.IsControl(c) || c == '$')
        ? throw new HostException($"The program's path has strange characters in it: {Visible.Text(path)}.", "Install gputty under another path.")
        : path;
}
