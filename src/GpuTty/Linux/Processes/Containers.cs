using GpuTty.Host;
using GpuTty.Host.Holders;
using GpuTty.Linux.Commands;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Processes;

/// <summary>Stops and starts containers through their managers: docker(1), podman(1), pct(1), machinectl(1).</summary>
internal sealed class Containers(CommandRunner tools, TimeProvider clock, Action<LogLine> log)
{
    /// <summary>Longer than a step may take: its own limit comes first.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(100);

    public Task StopAsync(string container, CancellationToken cancel) =>
        RunAsync(container, ContainerCommand.Stop(container), "stopped", cancel);

    public Task StartAsync(string container, CancellationToken cancel) =>
        RunAsync(container, ContainerCommand.Start(container), "started", cancel);

    private async Task RunAsync(string container, ContainerCommand? command, string done, CancellationToken cancel)
    {
        var name = Visible.Text(container, 80);
        if (command is not { IsOurs: true })
            throw new HostException($"Container {name} cannot be {done} from here.", "Do it through its own manager.");
        var result = await tools.RunAsync(command.Tool, command.Arguments, s_limit, cancel);
        log(CommandLog.Ended(clock.GetUtcNow(), $"{command}", result));
        if (!result.Succeeded)
            throw new HostException($"Container {name} could not be {done}: {result.Problem(command.Tool)}", $"Try it yourself: {command}");
    }
}
