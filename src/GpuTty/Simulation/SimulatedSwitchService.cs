using System.Collections.Immutable;
using System.Threading.Channels;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>Runs plans in this process, with the journal in memory. Viewers come and go; the run goes on.</summary>
internal sealed class SimulatedSwitchService(
    SimulatedHost host, TimeProvider clock, ImmutableArray<RunEvent> journal = default) : ISwitchService, IJournal, IRunRequests
{
    private readonly Lock _gate = new();
    private readonly List<ChannelWriter<object>> _viewers = [];
    private readonly Queue<RunRequest> _requests = [];
    private ImmutableArray<RunEvent> _journal = journal.IsDefault ? [] : journal;

    /// <summary>Everything that was told of the last run, its log among its events: who follows late misses nothing.</summary>
    private readonly List<object> _told = journal.IsDefault ? [] : [.. journal];

    /// <summary>The last run before this one that began a step.</summary>
    private ImmutableArray<RunEvent> _begunBefore = [];

    /// <summary>Runs before this one that did not end whole, oldest first.</summary>
    private ImmutableArray<ImmutableArray<RunEvent>> _unfinishedBefore = [];

    /// <summary>The request to roll everything back; null when nothing runs.</summary>
    private Action? _takeBack;

    public ImmutableArray<RunEvent> LastRun() { lock (_gate) return _journal; }

    public ImmutableArray<RunEvent> LastBegun() { lock (_gate) return HasBegun(_journal) ? _journal : _begunBefore; }

    public ImmutableArray<ImmutableArray<RunEvent>> Unfinished() { lock (_gate) return UnfinishedRuns.After(_unfinishedBefore, _journal); }

    public Task DismissAsync(RunEvent.Opened run, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_takeBack is not null) throw new AlreadyRunningException();
            _unfinishedBefore = [.. _unfinishedBefore.Where(before => !UnfinishedRuns.IsSame((RunEvent.Opened)before[0], run))];
            if (_journal is [RunEvent.Opened last, ..] && UnfinishedRuns.IsSame(last, run))
                _journal = _journal.Add(new RunEvent.Dismissed { At = clock.GetUtcNow() });
        }
        return Task.CompletedTask;
    }

    private static bool HasBegun(ImmutableArray<RunEvent> run) => run.Any(entry => entry is RunEvent.Begun);

    public bool IsRunning() { lock (_gate) return _takeBack is not null; }

    public async Task BeginAsync(SwitchPlan confirmed, CancellationToken cancel)
    {
        var request = new CancellationTokenSource();
        lock (_gate)
        {
            if (_takeBack is not null) throw new AlreadyRunningException();
            _takeBack = request.Cancel;
            if (HasBegun(_journal)) _begunBefore = _journal;
            _unfinishedBefore = UnfinishedRuns.After(_unfinishedBefore, _journal);
            _journal = [];
            _told.Clear();
            _requests.Clear();
        }
        var now = await host.ReadAsync(SnapshotSections.All | confirmed.Intent.Needs, null, CancellationToken.None);
        if (cancel.IsCancellationRequested)
        {
            Leave();
            cancel.ThrowIfCancellationRequested();
        }
        _ = WorkAsync(confirmed, now, request.Token);
    }

    public Task TakeBackAsync(CancellationToken cancel)
    {
        Action? request;
        lock (_gate) request = _takeBack;
        request?.Invoke();
        return Task.CompletedTask;
    }

    public Task RequestAsync(RunRequest request, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_takeBack is null) throw new HostException("No switch is running.", "Look at the cards: gputty status");
            _requests.Enqueue(request);
        }
        return Task.CompletedTask;
    }

    /// <summary>What is asked for waits meanwhile, as where a disk stalls.</summary>
    public bool HearsNothing { get; set; }

    RunRequest? IRunRequests.Take()
    {
        lock (_gate) return !HearsNothing && _requests.TryDequeue(out var request) ? request : null;
    }

    public async Task FollowAsync(Action<RunEvent> onEvent, Action<LogLine> onLog, CancellationToken cancel)
    {
        var news = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate)
        {
            foreach (var item in _told) news.Writer.TryWrite(item);
            if (_takeBack is null) news.Writer.Complete();
            else _viewers.Add(news.Writer);
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
            lock (_gate) _viewers.Remove(news.Writer);
        }
    }

    void IJournal.Append(RunEvent entry)
    {
        lock (_gate) _journal = _journal.Add(entry);
        Tell(entry);
    }

    private async Task WorkAsync(SwitchPlan plan, HostSnapshot before, CancellationToken request)
    {
        host.Logged += Tell;
        try
        {
            var confirmed = new ConfirmedPlan(plan);
            if (confirmed.Against(before, out var why) is { } now)
                await new SwitchRunner(host, host, this, clock, Tell, this).RunAsync(now, before, request);
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
        lock (_gate)
        {
            foreach (var viewer in _viewers) viewer.TryComplete();
            _viewers.Clear();
            _takeBack = null;
        }
    }

    private void Tell(object news)
    {
        lock (_gate)
        {
            _told.Add(news);
            foreach (var viewer in _viewers) viewer.TryWrite(news);
        }
    }
}
