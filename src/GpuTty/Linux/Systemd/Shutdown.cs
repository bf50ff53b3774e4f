using GpuTty.Linux.Commands;
using GpuTty.Linux.Systemd.DBus;

namespace GpuTty.Linux.Systemd;

/// <summary>Whether the machine is on its way down: then everything is sent SIGTERM, and nobody wants anything rolled back.</summary>
internal static class Shutdown
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    /// <summary>False also where it cannot be told. Takes at most three seconds for each way.</summary>
    public static async Task<bool> IsUnderWayAsync(Buses buses, CommandRunner tools) => await StateAsync(buses, tools) == "stopping";

    private static async Task<string> StateAsync(Buses buses, CommandRunner tools)
    {
        try
        {
            using var late = new CancellationTokenSource(s_limit);
            // A connection of its own: the bus may be among the first to go, and a kept one would not say so.
            using var link = await buses.OwnSystemAsync(late.Token);
            if (link is not null) return await new ManagerLink(link).SystemStateAsync(s_limit, CancellationToken.None);
        }
        catch (Exception gone) when (gone is BusException or OperationCanceledException)
        {
            // systemctl finds the manager without it.
        }
        return (await tools.RunAsync("systemctl", ["is-system-running"], s_limit, CancellationToken.None)).Output.Trim();
    }
}
