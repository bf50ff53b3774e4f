namespace GpuTty.Switching;

/// <summary>How long a step may still take. A person may add to it.</summary>
internal sealed class StepDeadline : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly CancellationTokenSource _over;

    public StepDeadline(TimeSpan total, TimeProvider clock)
    {
        (_clock, _began, Total) = (clock, clock.GetTimestamp(), total);
        _over = new CancellationTokenSource(total, clock);
    }

    /// <summary>From the begin of the step.</summary>
    public TimeSpan Total { get; private set; }

    public CancellationToken Over => _over.Token;

    public TimeSpan Left => Total - _clock.GetElapsedTime(_began);

    /// <summary>It is not over until <see cref="Extend"/> is called: one that is over cannot be extended any more.</summary>
    public void Hold() => _over.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Extend(TimeSpan by)
    {
        Total += by;
        _over.CancelAfter(Left > TimeSpan.Zero ? Left : TimeSpan.Zero);
    }

    public void Dispose() => _over.Dispose();
}
