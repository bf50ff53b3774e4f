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
    private readonly Func<Task<bool>> _shutsDown;

    /// <param name="shutsDown">Asked when SIGTERM comes; what cannot be told is no shutdown.</param>
    public WorkerSignals(Func<Task<bool>>? shutsDown = null)
    {
        _shutsDown = shutsDown ?? (() => Task.FromResult(false));
        _registrations = Register();
    }

    /// <summary>Completes when the worker must go as things are.</summary>
    public Task Ends => _ends.Task;

    private PosixSignalRegistration[] Register() =>
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnEnd),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnEnd),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true),
    ];

    public CancellationToken TakeBack => _takeBack.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _takeBack.Dispose();
    }

    /// <summary>A handler may not wait: whether the machine shuts down is found out after it.</summary>
    private void OnEnd(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _ = DecideAsync(signal.Signal);
    }

    private async Task<bool> ShutsDownAsync()
    {
        try
        {
            return await _shutsDown();
        }
        catch (Exception untold) when (untold is not OutOfMemoryException)
        {
            return false;
        }
    }

    private async Task DecideAsync(PosixSignal signal)
    {
        try
        {
            if (signal == PosixSignal.SIGTERM && await ShutsDownAsync()) _ends.TrySetResult();
            else await _takeBack.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended meanwhile.
        }
    }
}
