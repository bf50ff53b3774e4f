using GpuTty.Interop;

namespace GpuTty.Terminal;

/// <summary>
/// The small parent of the full-screen program: it waits, and gives the terminal back if the child could not do so itself,
/// as after SIGKILL, the kernel's out-of-memory killer or a crash of the runtime. Nothing else would: a shell repairs
/// the line settings at best, and a bare console nothing at all.
/// </summary>
internal static class Supervisor
{
    private const int DieWithParent = 1;
    private const int Terminate = 15;

    /// <summary>Runs this program again with the given arguments, which must
    /// make it call <see cref="FollowParent"/> and show the screen.</summary>
    public static ChildEnd Run(IEnumerable<string> arguments, TerminalOptions options)
    {
        using var tty = Tty.Open(options);
        var traits = tty is null ? null : TerminalTraits.Of(tty, options);
        var takeover = tty is null || traits is null ? null : new ScreenTakeover(tty, traits);

        var child = ForegroundChild.StartOurselves(arguments);
        // We stay until the child is gone, or nobody would give the terminal back.
        var signals = child.PassOnSignals().Append(ContinueSignal.Create(() => { })).ToList();
        var end = child.WaitForEnd();
        if (takeover is { IsGivenBack: false }) takeover.GiveBack();
        foreach (var signal in signals) signal.Dispose();
        return end;
    }

    /// <summary>For the child: without its supervisor it ends, instead of fighting with the shell over the terminal.</summary>
    public static void FollowParent() => _ = TerminalLibc.ProcessControl(DieWithParent, Terminate);
}
