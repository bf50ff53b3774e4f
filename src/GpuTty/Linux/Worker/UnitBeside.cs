using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Commands;

namespace GpuTty.Linux.Worker;

/// <summary>Another run of this program that nobody waits for: a transient unit, or without systemd a process in a session of its own. It has no file of the caller's open.</summary>
internal sealed class UnitBeside(CommandRunner tools, OwnProgram program)
{
    /// <exception cref="HostException">It could not be started.</exception>
    public async Task StartAsync(string unit, IReadOnlyList<string> arguments)
    {
        if (tools.Find("systemd-run") is null || !Directory.Exists("/run/systemd/system"))
        {
            Spawn.Start([.. program.Command, .. arguments], program.Environment);
            return;
        }
        var started = await tools.RunAsync("systemd-run", Arguments(program, unit, arguments), TimeSpan.FromSeconds(60), CancellationToken.None);
        if (!started.Succeeded) throw new HostException($"{unit} could not be started: {started.Problem("systemd-run")}", $"Look why: journalctl -u {unit}");
    }

    internal static string[] Arguments(OwnProgram program, string unit, IReadOnlyList<string> arguments) =>
    [
        $"--unit={unit}",
        "--description=GpuTty brings a graphics card home",
        "--collect",
        "--quiet",
        "--no-ask-password",
        // One that was killed has not brought anything home; one that was refused has said so.
        "--property=Restart=on-abnormal",
        "--property=RestartSec=2",
        "--property=OOMScoreAdjust=-900",
        "--property=StandardInput=null",
        "--property=UMask=0077",
        "--property=UnsetEnvironment=TERM HOME",
        .. program.Environment.Select(pair => $"--setenv={pair}"),
        "--",
        .. program.Command.Select(WorkerUnit.Plain),
        .. arguments,
    ];
}
