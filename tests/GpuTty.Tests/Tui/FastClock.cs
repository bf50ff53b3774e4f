namespace GpuTty.Tests.Tui;

/// <summary>A clock that goes so many times as fast as the one on the wall.</summary>
internal sealed class FastClock(double pace) : TimeProvider
{
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    public override DateTimeOffset GetUtcNow() => _began + ((DateTimeOffset.UtcNow - _began) * pace);
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        TimeProvider.System.CreateTimer(callback, state, Sooner(dueTime), Sooner(period));

    private TimeSpan Sooner(TimeSpan time) => time > TimeSpan.Zero ? time / pace : time;
}
