using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Worker;

namespace GpuTty.Linux.Vt;

/// <summary>Starts this program once more, on a text console that nobody
/// uses. It shows that console itself as soon as it is there.</summary>
internal static class TextConsole
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <returns>The number of the console.</returns>
    public static async Task<int> OpenAsync(TransientUnits units, PciAddress? card, int former, CancellationToken cancel)
    {
        var vt = VirtualTerminal.FindFree();
        var started = await units.StartAsync(ConsoleUnit.Of(OwnProgram.Find(), vt, former, card), s_limit, cancel);
        return started.Problem is { } why
            ? throw new HostException($"tty{vt} could not be opened: {why}", "Press Ctrl+Alt+F3, log in and start gputty there.")
            : vt;
    }
}
