using System.Collections;
using System.Runtime.InteropServices;
using GpuTty.Interop;

namespace GpuTty.Terminal;

/// <summary>How a child ended.</summary>
/// <param name="ExitCode">As a shell reports it: 128 and the signal's number, if it died of one.</param>
internal readonly record struct ChildEnd(int ExitCode, int? Signal);

/// <summary>
/// A process of our own program that shares our terminal and process group. Not System.Diagnostics.Process: that one changes the
/// line settings for children whose streams are not redirected.
/// </summary>
internal sealed class ForegroundChild
{
    // Numbers of asm-generic/signal.h, the same on all machines we run on.
    private static readonly (PosixSignal Signal, int Number, bool IsTyped)[] s_heard = [
        (PosixSignal.SIGHUP, 1, false),
        (PosixSignal.SIGINT, 2, true),
        (PosixSignal.SIGQUIT, 3, true),
        (PosixSignal.SIGTERM, 15, false),
    ];

    private readonly int _process;
    private volatile bool _hasEnded;

    private ForegroundChild(int process) => this._process = process;

    /// <summary>Starts this program once more.</summary>
    public static ForegroundChild StartOurselves(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        // Run as "dotnet gputty.dll", the program is dotnet.
        var self = Path.GetFileName(program) == "dotnet" ? new[] { program, Environment.GetCommandLineArgs()[0] } : [program];
        return Start(
            [.. self, .. arguments],
            [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}")]);
    }

    /// <param name="command">Absolute path of the program, and its arguments.</param>
    /// <param name="environment">NAME=value; nothing else is passed on.</param>
    public static ForegroundChild Start(IReadOnlyList<string> command, IReadOnlyList<string> environment)
    {
        try
        {
            return new ForegroundChild(Spawn.StartInForeground([.. command], [.. environment]));
        }
        catch (IOException failed)
        {
            throw new InvalidOperationException($"This program could not be started once more: {failed.Message}.");
        }
    }

    /// <summary>Waits for the end of a command in the foreground.</summary>
    public static int Run(IReadOnlyList<string> command, IReadOnlyList<string> environment)
    {
        var child = Start(command, environment);
        // We stay until it is gone: somebody has to bring the card home.
        var signals = child.PassOnSignals();
        var end = child.WaitForEnd();
        foreach (var signal in signals) signal.Dispose();
        return end.ExitCode;
    }

    /// <summary>Until disposed no signal ends us, and what is meant for the child reaches it:
    /// the terminal's reach it anyway, as it is in its process group.</summary>
    public List<PosixSignalRegistration> PassOnSignals() =>
        [.. s_heard.Select(passed => PosixSignalRegistration.Create(passed.Signal, context =>
        {
            context.Cancel = true;
            // Its number may be another process's once it was waited for.
            if (!passed.IsTyped && !_hasEnded) _ = TerminalLibc.Kill(_process, passed.Number);
        }))];

    /// <summary>Waits for its end.</summary>
    public ChildEnd WaitForEnd()
    {
        int status;
        while (TerminalLibc.WaitFor(_process, out status, 0) < 0)
            if (Marshal.GetLastPInvokeError() != TerminalLibc.Interrupted) return new ChildEnd(ExitCode: 1, Signal: null);
        _hasEnded = true;
        var signal = status & 0x7f;
        return signal == 0 ? new ChildEnd((status >> 8) & 0xff, null) : new ChildEnd(128 + signal, signal);
    }
}
