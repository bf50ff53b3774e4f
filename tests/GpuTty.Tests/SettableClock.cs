namespace GpuTty.Tests;

/// <summary>A clock on the wall that somebody sets, and one that only goes forward.</summary>
internal sealed class SettableClock : TimeProvider
{
    private DateTimeOffset _wall = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private TimeSpan _steady;

    public override DateTimeOffset GetUtcNow() => _wall;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => _steady.Ticks;

    public void Pass(TimeSpan time, TimeSpan set = default) => (_wall, _steady) = (_wall + time + set, _steady + time);
}
