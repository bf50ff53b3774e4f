using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Worker;

namespace GpuTty.Linux.Vt;

/// <summary>Starts this program once more, on a text console that nobody uses. It shows that console itself as soon as it is there.</summary>
internal static class TextConsole
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <returns>The number of the console.</returns>
    public static async Task<int> OpenAsync(CommandRunner commands, PciAddress? card, int former, CancellationToken cancel)
    {
        var vt = VirtualTerminal.FindFree();
        var started = await commands.RunAsync("systemd-run", ConsoleUnit.Arguments(OwnProgram.Find(), vt, former, card), s_limit, cancel);
        return started.Succeeded ? vt
            : throw new HostException($"tty{vt} could not be opened: {started.Problem("systemd-run")}", "Press Ctrl+Alt+F3, log in and start gputty there.");
    }
}
