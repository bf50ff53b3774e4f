using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Systemd;

namespace GpuTty.Linux.Worker;

/// <summary>Another run of this program that nobody waits for: a transient unit, or without
/// systemd a process in a session of its own. It has no file of the caller's open.</summary>
internal sealed class UnitBeside(TransientUnits units, OwnProgram program)
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);

    /// <exception cref="HostException">It could not be started.</exception>
    public async Task StartAsync(string unit, IReadOnlyList<string> arguments)
    {
        if (!TransientUnits.RunsMachine || !await units.CanStartAsync(CancellationToken.None))
        {
            Spawn.Start([.. program.Command, .. arguments], program.Environment);
            return;
        }
        var started = await units.StartAsync(Of(program, unit, arguments), s_start, CancellationToken.None);
        if (started.Problem is { } problem)
            throw new HostException($"{unit} could not be started: {problem}", $"See why: journalctl -u {unit}");
    }

    private static TransientUnit Of(OwnProgram program, string unit, IReadOnlyList<string> arguments) =>
        new(
            unit,
            "GpuTty returns a graphics card to the host",
            [.. program.Command.Select(TransientUnit.Plain), .. arguments],
            [.. program.Environment])
        {
            Settings =
            [
                // One that was killed has not brought anything home; one that was refused has said so.
                new TransientSetting.Text("Restart", "on-abnormal"),
                new TransientSetting.Span("RestartSec", TimeSpan.FromSeconds(2)),
                .. TransientUnit.OfRoot,
            ],
        };
}
