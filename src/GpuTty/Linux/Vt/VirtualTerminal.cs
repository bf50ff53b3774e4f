using System.Runtime.InteropServices;
using GpuTty.Host;
using GpuTty.Interop;

namespace GpuTty.Linux.Vt;

/// <summary>What the kernel's virtual terminals are asked for (ioctl_vt(2)).</summary>
internal static class VirtualTerminal
{
    private const nuint OpenQuery = 0x5600, Activate = 0x5606, GetMode = 0x4B3B;
    private const int LastWithKey = 12;
    private static readonly HangTolerantScan<int> s_scan = new();

    /// <summary>Puts one on the screen, without waiting until it is there (VT_ACTIVATE).</summary>
    public static void Show(int vt)
    {
        if (!TryControl(Activate, vt)) throw new HostException($"tty{vt} cannot be shown: {LastError}.", $"Press Ctrl+Alt+F{vt}.");
    }

    /// <summary>The first one that no process has open (VT_OPENQRY), 1 to 12.</summary>
    public static unsafe int FindFree()
    {
        var vt = -1;
        if (!TryControl(OpenQuery, (nint)(&vt)))
            throw new HostException(
                $"No free text console could be found: {LastError}.", "Press Ctrl+Alt+F3, log in and start gputty there.");
        return vt is >= 1 and <= LastWithKey ? vt
            : throw new HostException(
                "All text consoles that have a key are in use.",
                "Close one of them, or press Ctrl+Alt+F3, log in and start gputty there.");
    }

    /// <summary>Whether a display server draws there instead of the kernel (KDGETMODE); null where that cannot be told: opening it may
    /// wait for the lock of all consoles (drivers/tty/vt/vt.c, con_install).</summary>
    public static bool? IsGraphical(int vt)
    {
        // What another look is just asking would be taken for what hangs.
        lock (s_scan) return s_scan.Read([vt], one => (object?)AskMode(one)).Results[0] as bool?;
    }

    private static unsafe bool? AskMode(int vt)
    {
        const int text = 0;
        using var console =
            Native.Open($"/dev/tty{vt}", Native.ReadOnly | Native.NoControllingTerminal | Native.CloseOnExec | Native.NonBlocking, 0);
        var mode = text;
        return console.IsInvalid || Native.Control(console, GetMode, (nint)(&mode)) != 0 ? null : mode != text;
    }

    private static string LastError => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    private static bool TryControl(nuint request, nint argument)
    {
        using var console = Native.Open("/dev/tty0", Native.ReadWrite | Native.NoControllingTerminal | Native.CloseOnExec, 0);
        return !console.IsInvalid && Native.Control(console, request, argument) == 0;
    }
}
