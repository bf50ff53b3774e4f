using System.Runtime.InteropServices;
using GpuTty.Host;

namespace GpuTty.Linux;

/// <summary>Puts a virtual terminal on the screen, without waiting until it is there (ioctl_vt(2), VT_ACTIVATE).</summary>
internal static class VirtualTerminal
{
    public static void Show(int vt)
    {
        const nuint activate = 0x5606;
        using var console = Native.Open("/dev/tty0", Native.ReadWrite | Native.NoControllingTerminal | Native.CloseOnExec, 0);
        if (console.IsInvalid || Native.Control(console, activate, vt) != 0)
            throw new HostException($"tty{vt} cannot be shown: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.", $"Press Ctrl+Alt+F{vt}.");
    }
}
