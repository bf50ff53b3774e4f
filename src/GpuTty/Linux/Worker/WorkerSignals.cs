using System.Runtime.InteropServices;

namespace GpuTty.Linux.Worker;

/// <summary>
/// What signals mean to a worker: SIGTERM and SIGINT are the request to roll everything back, except while the machine shuts
/// down, which sends SIGTERM to everybody: then the worker goes, for no binding outlives a boot, and taking back would only hold
/// the shutdown up. SIGHUP is nothing: a terminal that goes away is no reason to end a switch, and often its very consequence.
/// </summary>
internal sealed class WorkerSignals : IDisposable
{
    private readonly CancellationTokenSource _takeBack = new();
    private readonly PosixSignalRegistration[] _registrations;

    private readonly TaskCompletionSource _ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<bool> _shutsDown;

    /// <param name="shutsDown">Asked when SIGTERM comes.</param>
    public WorkerSignals(Func<bool>? shutsDown = null)
    {
        _shutsDown = shutsDown ?? (() => false);
        _registrations = Register();
    }

    /// <summary>Completes when the worker must go as things are.</summary>
    public Task Ends => _ends.Task;

    private PosixSignalRegistration[] Register() =>
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, RunRequest),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, RunRequest),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true),
    ];

    public CancellationToken TakeBack => _takeBack.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _takeBack.Dispose();
    }

    private void RunRequest(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (signal.Signal == PosixSignal.SIGTERM && _shutsDown()) _ends.TrySetResult();
        else _takeBack.Cancel();
    }
}
