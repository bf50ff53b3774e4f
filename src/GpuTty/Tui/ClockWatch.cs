namespace GpuTty.Tui;

/// <summary>Notices that somebody has set the clock back, by one that only goes forward.</summary>
internal sealed class ClockWatch(TimeProvider clock)
{
    // Two clocks are not read in the same moment, and one of them is steered.
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(1);
    private DateTimeOffset then = clock.GetUtcNow();
    private long since = clock.GetTimestamp();

    /// <summary>True once for each time.</summary>
    public bool WasSetBack()
    {
        var (now, stamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        var isBack = now < then + clock.GetElapsedTime(since, stamp) - Noise;
        (then, since) = (now, stamp);
        return isBack;
    }
}
