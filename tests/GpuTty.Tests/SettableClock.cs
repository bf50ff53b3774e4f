namespace GpuTty.Tests;

/// <summary>A clock on the wall that somebody sets, and one that only goes forward.</summary>
internal sealed class SettableClock : TimeProvider
{
    private DateTimeOffset wall = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private TimeSpan steady;

    public override DateTimeOffset GetUtcNow() => wall;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => steady.Ticks;

    public void Pass(TimeSpan time, TimeSpan set = default) => (wall, steady) = (wall + time + set, steady + time);
}
