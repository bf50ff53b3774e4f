using GpuTty.Interop;
using Microsoft.Win32.SafeHandles;

namespace GpuTty.Terminal;

/// <summary>Waits for what can happen at a terminal: typing, a wake-up call, another console on the screen, a hang-up.</summary>
internal sealed unsafe class TerminalWait : IDisposable
{
    private readonly Tty _tty;
    private readonly WakeFile _wake;

    /// <summary>Null where there is no console to be switched away from.</summary>
    private readonly SafeFileHandle? _active;

    public TerminalWait(Tty tty, WakeFile wake)
    {
        (this._tty, this._wake) = (tty, wake);
        _active = tty.Console is null ? null : Native.Open(VirtualConsole.ActiveFile, Native.ReadOnly | Native.CloseOnExec, 0);
        ForgetSwitch();
    }

    [Flags]
    public enum Happening
    {
        Nothing = 0,
        Typed = 1,
        Woken = 2,
        ConsoleSwitched = 4,
    }

    public Happening For(TimeSpan longest)
    {
        const short changed = TerminalLibc.PollEntry.Priority | TerminalLibc.PollEntry.Error;
        using var input = new Native.Held(_tty.Input);
        using var wake = new Native.Held(_wake.File);
        using var active = new Native.Held(_active);
        // A negative file is skipped by poll(2).
        var entries = stackalloc TerminalLibc.PollEntry[]
        {
            new(input.Descriptor!.Value, TerminalLibc.PollEntry.In),
            new(wake.Descriptor!.Value, TerminalLibc.PollEntry.In),
            new(active.Descriptor ?? -1, changed),
        };
        // Rounded up: a wait of half a millisecond must not become a busy loop.
        if (TerminalLibc.Poll(entries, 3, (int)Math.Clamp(Math.Ceiling(longest.TotalMilliseconds), 0, int.MaxValue)) <= 0)
            return Happening.Nothing;
        if (entries[1].Happened != 0) _wake.Clear();
        if (entries[2].Happened != 0) ForgetSwitch();
        // A hang-up makes the terminal readable; reading then tells.
        return (entries[0].Happened != 0 ? Happening.Typed : 0)
            | (entries[1].Happened != 0 ? Happening.Woken : 0)
            | (entries[2].Happened != 0 ? Happening.ConsoleSwitched : 0);
    }

    public void Dispose() => _active?.Dispose();

    /// <summary>sysfs reports a change once per reading of the file.</summary>
    private void ForgetSwitch()
    {
        var ignored = stackalloc byte[16];
        if (_active is { IsInvalid: false }) _ = TerminalLibc.ReadAt(_active, ignored, 16, 0);
    }
}
