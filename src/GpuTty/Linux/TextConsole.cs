using System.Runtime.InteropServices;
using GpuTty.Host;

namespace GpuTty.Linux;

/// <summary>Starts this program once more, on a text console that nobody uses. It shows that console itself as soon as it is there.</summary>
internal static class TextConsole
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <returns>The number of the console.</returns>
    public static async Task<int> OpenAsync(CommandRunner commands, PciAddress? card, int former, CancellationToken cancel)
    {
        var vt = FindFree();
        var started = await commands.RunAsync("systemd-run", ConsoleUnit.Arguments(OwnProgram.Find(), vt, former, card), s_limit, cancel);
        return started.Succeeded ? vt
            : throw new HostException($"tty{vt} could not be opened: {started.Problem("systemd-run")}", "Press Ctrl+Alt+F3, log in and start gputty there.");
    }

    /// <summary>The first console that no process has open (ioctl_vt(2), VT_OPENQRY).</summary>
    private static unsafe int FindFree()
    {
        const nuint openQuery = 0x5600;
        const int lastWithKey = 12;
        using var console = Native.Open("/dev/tty0", Native.ReadWrite | Native.NoControllingTerminal | Native.CloseOnExec, 0);
        var vt = -1;
        if (console.IsInvalid || Native.Control(console, openQuery, (nint)(&vt)) != 0)
            throw new HostException($"No free text console could be found: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.", "Press Ctrl+Alt+F3, log in and start gputty there.");
        return vt is >= 1 and <= lastWithKey ? vt
            : throw new HostException("All text consoles that have a key are in use.", "Close one of them, or press Ctrl+Alt+F3, log in and start gputty there.");
    }
}
