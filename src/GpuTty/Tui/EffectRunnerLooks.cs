using GpuTty.Host;

namespace GpuTty.Tui;

/// <content>Looks at the machine, again and again.</content>
internal sealed partial class EffectRunner
{
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(2);

    /// <summary>Times as long as a look took: a worker that switches meanwhile needs the processor, and its writes bring events.</summary>
    private const int Rest = 3;
    private readonly Lock _gate = new();
    private volatile int _wanted = (int)SnapshotSections.All;
    private CancellationTokenSource? _pause;
    private bool _isWanted;

    /// <summary>From now on each look finds out this; what was not wanted before is looked at now.</summary>
    public void Want(SnapshotSections facts)
    {
        var before = (SnapshotSections)_wanted;
        if (before == facts) return;
        _wanted = (int)facts;
        if ((facts & ~before) != 0) LookNow();
    }

    private async Task LookAsync()
    {
        HostSnapshot? last = null;
        while (!_stop.IsCancellationRequested)
        {
            var began = options.Clock.GetTimestamp();
            try
            {
                post(new Msg.Configured(options.Configured()));
                last = await reader.ReadAsync((SnapshotSections)_wanted, last, _stop);
                try
                {
                    LookAtRuns();
                }
                finally
                {
                    post(new Msg.HostRead(last));
                }
            }
            catch (HostException problem)
            {
                post(new Msg.HostUnreadable($"{problem.Message} {problem.Remedy}"));
            }
            var rest = options.Clock.GetElapsedTime(began) * Rest;
            await Task.Delay(s_leastBetweenLooks, options.Clock, _stop);
            await PauseAsync(rest < s_longestRest ? rest : s_longestRest);
        }
    }

    /// <summary>Before the look is told, as that is judged by the journals. What is read while a run begins is stale.</summary>
    private void LookAtRuns()
    {
        if (Volatile.Read(ref _follows) != 0) return;
        if (service.IsUnderWay())
        {
            Go(FollowOtherAsync);
            return;
        }
        var read = new Msg.JournalsRead(service.LastBegun(), service.Unfinished());
        if (Volatile.Read(ref _follows) == 0) post(read);
    }

    /// <summary>Until something has changed; what changes in the rest after that is seen by the same look.</summary>
    private async Task PauseAsync(TimeSpan rest)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        var rested = Task.Delay(rest, options.Clock, ended.Token);
        lock (_gate)
        {
            if (_isWanted) ended.Cancel();
            _isWanted = false;
            _pause = ended;
        }
        try
        {
            await reader.WaitForChangeAsync(options.LookAtLeastEvery, ended.Token);
            await rested;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // Somebody wants a look now.
        }
        lock (_gate) _pause = null;
    }

    private void LookNow()
    {
        lock (_gate)
        {
            if (_pause is null) _isWanted = true;
            else _pause.Cancel();
        }
    }
}
