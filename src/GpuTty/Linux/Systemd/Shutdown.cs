using GpuTty.Linux.Commands;

namespace GpuTty.Linux.Systemd;

/// <summary>Whether the machine is on its way down: then everything is sent SIGTERM, and nobody wants anything taken back (systemctl(1), is-system-running).</summary>
internal static class Shutdown
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);

    /// <summary>False also where it cannot be told.</summary>
    public static bool IsUnderWay(CommandRunner tools) =>
        tools.RunAsync("systemctl", ["is-system-running"], s_limit, CancellationToken.None).GetAwaiter().GetResult().Output.Trim() == "stopping";
}
