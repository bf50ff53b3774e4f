using System.Collections.Concurrent;

namespace GpuTty.Tests.Simulation;

/// <summary>
/// A clock that stands still until everything waits, and then jumps to the next moment at which something is due: hours pass in no
/// time, in the same order each run. Without <see cref="Run"/> it moves only by <see cref="Advance"/>.
/// </summary>
internal sealed class FakeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = new(2026, 5, 14, 14, 3, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    public override DateTimeOffset GetUtcNow() { lock (_gate) return _now; }
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (RingNext(until)) { }
        lock (_gate) _now = until;
    }

    /// <summary>Runs a test to its end, with this clock jumping ahead whenever all of it waits.</summary>
    public void Run(Func<Task> test)
    {
        var before = SynchronizationContext.Current;
        var work = new Queue();
        SynchronizationContext.SetSynchronizationContext(work);
        try
        {
            var task = test();
            while (!task.IsCompleted) Turn(work);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Turn(Queue work)
    {
        if (work.RunNext(TimeSpan.Zero)) return;
        SynchronizationContext.SetSynchronizationContext(null);
        var rang = RingNext(DateTimeOffset.MaxValue);
        SynchronizationContext.SetSynchronizationContext(work);
        if (!rang && !work.RunNext(TimeSpan.FromSeconds(10)))
            throw new TimeoutException("Everything waits for something that will never come.");
    }

    private bool RingNext(DateTimeOffset until)
    {
        Alarm? next;
        lock (_gate)
        {
            next = _alarms.Where(alarm => alarm.Due <= until).MinBy(alarm => alarm.Due);
            if (next is null) return false;
            _alarms.Remove(next);
            if (next.Due > _now) _now = next.Due;
        }
        next.Ring();
        return true;
    }

    private sealed class Alarm(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._now + dueTime;
                clock._alarms.Add(this);
            }
            return true;
        }

        public void Ring() => callback(state);
        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Queue : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Do, object? State)> _posts = [];

        public override void Post(SendOrPostCallback d, object? state) => _posts.Add((d, state));

        public bool RunNext(TimeSpan atMost)
        {
            if (!_posts.TryTake(out var post, atMost)) return false;
            post.Do(post.State);
            return true;
        }
    }
}
