using System.Collections.Immutable;
using System.Threading.Channels;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>Runs plans in this process, with the journal in memory. Viewers come and go; the run goes on.</summary>
internal sealed class SimulatedDesk(SimulatedHost host, TimeProvider clock, ImmutableArray<RunEvent> journal = default) : ISwitchDesk, IJournal, IWishes
{
    private readonly Lock gate = new();
    private readonly List<ChannelWriter<object>> viewers = [];
    private readonly Queue<Wish> wishes = [];
    private ImmutableArray<RunEvent> journal = journal.IsDefault ? [] : journal;

    /// <summary>Everything that was told of the last run, its log among its events: who follows late misses nothing.</summary>
    private readonly List<object> told = journal.IsDefault ? [] : [.. journal];

    /// <summary>The last run before this one that began a step.</summary>
    private ImmutableArray<RunEvent> begunBefore = [];

    /// <summary>Runs before this one that did not end whole, oldest first.</summary>
    private ImmutableArray<ImmutableArray<RunEvent>> unfinishedBefore = [];

    /// <summary>The wish to take everything back; null when nothing runs.</summary>
    private Action? takeBack;

    public ImmutableArray<RunEvent> LastRun() { lock (gate) return journal; }

    public ImmutableArray<RunEvent> LastBegun() { lock (gate) return HasBegun(journal) ? journal : begunBefore; }

    public ImmutableArray<ImmutableArray<RunEvent>> Unfinished() { lock (gate) return UnfinishedRuns.After(unfinishedBefore, journal); }

    public Task DismissAsync(RunEvent.Opened run, CancellationToken cancel)
    {
        lock (gate)
        {
            if (takeBack is not null) throw new AlreadyRunningException();
            unfinishedBefore = [.. unfinishedBefore.Where(before => !UnfinishedRuns.IsSame((RunEvent.Opened)before[0], run))];
            if (journal is [RunEvent.Opened last, ..] && UnfinishedRuns.IsSame(last, run)) journal = journal.Add(new RunEvent.Dismissed { At = clock.GetUtcNow() });
        }
        return Task.CompletedTask;
    }

    private static bool HasBegun(ImmutableArray<RunEvent> run) => run.Any(entry => entry is RunEvent.Begun);

    public bool IsRunning() { lock (gate) return takeBack is not null; }

    public async Task BeginAsync(SwitchPlan confirmed, CancellationToken cancel)
    {
        var wish = new CancellationTokenSource();
        lock (gate)
        {
            if (takeBack is not null) throw new AlreadyRunningException();
            takeBack = wish.Cancel;
            if (HasBegun(journal)) begunBefore = journal;
            unfinishedBefore = UnfinishedRuns.After(unfinishedBefore, journal);
            journal = [];
            told.Clear();
            wishes.Clear();
        }
        var now = await host.ReadAsync(Facts.All, null, CancellationToken.None);
        _ = WorkAsync(confirmed, now, wish.Token);
    }

    public Task TakeBackAsync(CancellationToken cancel)
    {
        Action? wish;
        lock (gate) wish = takeBack;
        wish?.Invoke();
        return Task.CompletedTask;
    }

    public Task WishAsync(Wish wish, CancellationToken cancel)
    {
        lock (gate)
        {
            if (takeBack is null) throw new HostException("No switch is running.", "Look at the cards: gputty status");
            wishes.Enqueue(wish);
        }
        return Task.CompletedTask;
    }

    Wish? IWishes.Take() { lock (gate) return wishes.TryDequeue(out var wish) ? wish : null; }

    public async Task FollowAsync(Action<RunEvent> onEvent, Action<LogLine> onLog, CancellationToken cancel)
    {
        var news = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
        lock (gate)
        {
            foreach (var item in told) news.Writer.TryWrite(item);
            if (takeBack is null) news.Writer.Complete();
            else viewers.Add(news.Writer);
        }
        try
        {
            // Not ReadAllAsync, which would call the viewer on some other thread than its own.
            while (await news.Reader.WaitToReadAsync(cancel))
                while (news.Reader.TryRead(out var item))
                {
                    if (item is RunEvent entry) onEvent(entry);
                    else onLog((LogLine)item);
                }
        }
        finally
        {
            lock (gate) viewers.Remove(news.Writer);
        }
    }

    void IJournal.Append(RunEvent entry)
    {
        lock (gate) journal = journal.Add(entry);
        Tell(entry);
    }

    private async Task WorkAsync(SwitchPlan plan, HostSnapshot before, CancellationToken wish)
    {
        host.Logged += Tell;
        try
        {
            var confirmed = new ConfirmedPlan(plan);
            if (confirmed.Against(before, out var why) is { } now) await new SwitchRunner(host, host, this, clock, Tell, this).RunAsync(now, before, wish);
            else confirmed.Refuse(this, before, clock, why);
        }
        finally
        {
            host.Logged -= Tell;
            Leave();
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            foreach (var viewer in viewers) viewer.TryComplete();
            viewers.Clear();
            takeBack = null;
        }
    }

    private void Tell(object news)
    {
        lock (gate)
        {
            told.Add(news);
            foreach (var viewer in viewers) viewer.TryWrite(news);
        }
    }
}
