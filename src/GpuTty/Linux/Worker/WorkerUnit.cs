using System.Collections.Immutable;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Linux.Systemd;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Linux.Worker;

/// <summary>
/// The transient unit that the worker is (systemd.service(5), systemd.kill(5)): it belongs to nobody's session, a
/// deadline ends it, and however it ends, the recovery runs after it.
/// </summary>
internal static class WorkerUnit
{
    public const string Name = "gputty-switch.service";

    /// <summary>True while the unit has a control group, which everybody may see: it runs, or clears up.</summary>
    public static bool IsThere(FileSystemRoot root) => ControlGroup.FoldersOf(root, Name).Any(SysFiles.Exists);

    public static TransientUnit Of(OwnProgram program, SwitchPlan plan, string request)
    {
        // Taking back may need as long again as the way there; SIGTERM means "roll everything back", so it gets that time too.
        var steps = plan.Steps.Sum(step => Math.Max(step.Limit().TotalSeconds, step.WriteLimit().TotalSeconds));
        var oneWay = TimeSpan.FromSeconds(Math.Max(60, (int)steps) + 30);
        ImmutableArray<string> command = [.. program.Command.Select(TransientUnit.Plain)];
        return new TransientUnit(Name, "GpuTty switches a graphics card", [.. command, "worker", request], [.. program.Environment])
        {
            Settings =
            [
                // The caller learns whether the program could be started at all.
                new TransientSetting.Text("Type", "exec"),
                // A child that hangs in the kernel cannot be killed; waiting for it would hold up the recovery by the whole stop time-out.
                new TransientSetting.Text("KillMode", "process"),
                new TransientSetting.Flag("SendSIGHUP", false),
                new TransientSetting.Span("RuntimeMaxSec", (2 * oneWay) + RunRequest.Patience),
                new TransientSetting.Span("TimeoutStopSec", oneWay),
                .. TransientUnit.OfRoot,
            ],
            // Twice, each whatever became of the one before: a recovery that is killed as well must not leave the desktop down.
            Afterwards = [[.. command, "recover", request], [.. command, "recover", request]],
        };
    }
}
