using System.Runtime.InteropServices;

namespace GpuTty.Linux;

/// <summary>
/// What signals mean to a worker: SIGTERM and SIGINT are the wish to take everything back. SIGHUP is nothing: a terminal that goes away is
/// no reason to end a switch, and often its very consequence.
/// </summary>
internal sealed class WorkerSignals : IDisposable
{
    private readonly CancellationTokenSource _takeBack = new();
    private readonly PosixSignalRegistration[] _registrations;

    public WorkerSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Wish),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Wish),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true),
    ];

    public CancellationToken TakeBack => _takeBack.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _takeBack.Dispose();
    }

    private void Wish(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _takeBack.Cancel();
    }
}
