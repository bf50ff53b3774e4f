namespace GpuTty.Tui;

/// <summary>Notices that somebody has set the clock back, by one that only goes forward.</summary>
internal sealed class ClockWatch(TimeProvider clock)
{
    // Two clocks are not read in the same moment, and one of them is steered.
    private static readonly TimeSpan s_noise = TimeSpan.FromSeconds(1);
    private DateTimeOffset _then = clock.GetUtcNow();
    private long _since = clock.GetTimestamp();

    /// <summary>True once for each time.</summary>
    public bool WasSetBack()
    {
        var (now, stamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        var isBack = now < _then + clock.GetElapsedTime(_since, stamp) - s_noise;
        (_then, _since) = (now, stamp);
        return isBack;
    }
}
