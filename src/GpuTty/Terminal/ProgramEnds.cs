using System.Runtime.InteropServices;

namespace GpuTty.Terminal;

/// <summary>
/// Calls back on every way a program ends that it can notice. Signals keep their effect: the program dies of them after the call.
/// .NET 10 itself does nothing about SIGTERM and SIGHUP any more. An
/// exception that was lost in a task is not among them: it ends no program.
/// </summary>
internal sealed class ProgramEnds : IDisposable
{
    private static readonly PosixSignal[] s_deadly = [PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT];

    private readonly Action _end;
    private readonly PosixSignalRegistration[] _signals;

    public ProgramEnds(Action end)
    {
        this._end = end;
        _signals = [.. s_deadly.Select(signal => PosixSignalRegistration.Create(signal, _ => end()))];
        AppDomain.CurrentDomain.ProcessExit += OnEnd;
        AppDomain.CurrentDomain.UnhandledException += OnEnd;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
        AppDomain.CurrentDomain.UnhandledException -= OnEnd;
        foreach (var signal in _signals) signal.Dispose();
    }

    private void OnEnd(object? sender, EventArgs cause) => _end();
}
