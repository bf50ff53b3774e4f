using System.Runtime.ExceptionServices;
using GpuTty.Host;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Tui;

/// <summary>Carries out effects and brings back news, each in a task of its own, so that nothing slow is ever waited for.</summary>
internal sealed class EffectRunner(IHostReader reader, ISwitchService service, TuiOptions options, Action<Msg> post)
{
    // A burst of events is one change to look at.
    private static readonly TimeSpan s_leastBetweenLooks = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestRest = TimeSpan.FromSeconds(2);

    /// <summary>Times as long as a look took: a worker that switches meanwhile needs the processor, and its writes bring events.</summary>
    private const int Rest = 3;
    private readonly Lock _gate = new();
    private volatile int _wanted = (int)SnapshotSections.All;
    private CancellationTokenSource? _pause;
    private bool _isWanted;
    private volatile ExceptionDispatchInfo? _broken;

    /// <summary>1 while a run is followed, or one is begun that will be.</summary>
    private int _follows;
    private CancellationToken _stop;

    public void Begin(bool isRunning, SnapshotSections facts, CancellationToken until)
    {
        _stop = until;
        _wanted = (int)facts;
        if (options.ListenToKernel is { } listen) Go(() => ListenAsync(listen));
        Go(LookAsync);
        if (isRunning) Go(FollowOtherAsync);
    }

    /// <summary>An error nobody expected ends the program where it can be seen, and not a task where it cannot.</summary>
    public void ThrowIfBroken() => _broken?.Throw();

    /// <summary>From now on each look finds out this; what was not wanted before is looked at now.</summary>
    public void Want(SnapshotSections facts)
    {
        var before = (SnapshotSections)_wanted;
        if (before == facts) return;
        _wanted = (int)facts;
        if ((facts & ~before) != 0) LookNow();
    }

    public void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.ReadHost: LookNow(); break;
            case Effect.BeginRun begin: Go(() => BeginAsync(begin)); break;
            case Effect.TakeBack: Go(() => Telling(async () => { await service.TakeBackAsync(_stop); return ""; })); break;
            case Effect.Dismiss dismiss:
                Go(() => Telling(async () =>
                {
                    await service.DismissAsync(dismiss.Run, _stop);
                    LookNow();
                    return "It is left as it is, and not offered any more.";
                }));
                break;
            case Effect.Ask ask: Go(() => Telling(async () => { await service.RequestAsync(ask.RunRequest, _stop); return ""; })); break;
            case Effect.ShowTerminal show:
                Go(() => Telling(async () =>
                {
                    await options.ShowTerminal!(show.Vt, _stop);
                    return options.Demo is null ? "" : $"In the demo nothing is shown there; a real machine would show tty{show.Vt} now.";
                }));
                break;
            case Effect.OpenConsole open:
                Go(() =>
                    Telling(async () => $"GpuTty goes on at tty{await options.OpenConsole!(open.Card, _stop)}; q there leads back here."));
                break;
            case Effect.RunCommand run:
                Go(async () => post(new Msg.CommandSaid(run.Words, await options.Command!(run.Words, _stop))));
                break;
            case Effect.OfDoctor doctor:
                Go(() => new DoctorEffects(reader, options.Doctor!, post, Tell).PerformAsync(doctor.Deed, _stop));
                break;
            case Effect.WriteReport: Go(() => Telling(async () => $"The report is in {await options.WriteReport!(_stop)}")); break;
            case Effect.Copy copy:
                Go(() => CopyAsync(copy));
                break;
            case Effect.SaveLog save: Go(() => Telling(async () => $"The log is in {await options.SaveLog!(save.Lines, _stop)}")); break;
        }
    }

    private async Task BeginAsync(Effect.BeginRun begin)
    {
        while (!TryFollow())
        {
            if (IsAnyAtIt())
            {
                Refused(new AlreadyRunningException(), isFollowed: true);
                return;
            }
            // The run before is followed to its last line.
            await Task.Delay(s_leastBetweenLooks, options.Clock, _stop);
        }
        try
        {
            // Who leaves meanwhile leaves a switch that goes on: what was handed in is not withdrawn.
            await service.BeginAsync(begin.Plan, CancellationToken.None);
            post(new Msg.RunTaken());
            if (!await FollowAsync())
                post(new Msg.RunRefused("The worker ended before it wrote anything.", "Look at the log; w writes a report."));
        }
        catch (HostException refused)
        {
            var isOther = refused is AlreadyRunningException && IsAnyAtIt();
            Refused(refused, isOther);
            if (isOther) await FollowAsync();
        }
        finally
        {
            Volatile.Write(ref _follows, 0);
        }
    }

    private void Refused(HostException why, bool isFollowed) =>
        post(new Msg.RunRefused(why.Message, isFollowed ? "s shows it." : why.Remedy));

    private async Task CopyAsync(Effect.Copy copy)
    {
        try
        {
            var path = await options.Copy!(copy.Path, copy.Lines, _stop);
            Tell($"{Counted.Of(copy.Lines.Length, "line is", "lines are")} in {path}");
        }
        catch (HostException refused)
        {
            post(new Msg.CopyRefused(copy.Path, copy.Lines, $"{refused.Message} {refused.Remedy}"));
        }
    }

    /// <returns>False where there was nothing to follow.</returns>
    private async Task<bool> FollowAsync()
    {
        var hasBegun = false;
        await service.FollowAsync(
            entry =>
            {
                hasBegun = true;
                post(new Msg.RunReported(entry));
            },
            line => post(new Msg.Logged(line)),
            _stop);
        if (hasBegun) post(new Msg.RunLeft());
        return hasBegun;
    }

    /// <summary>A switch that was begun before this program, at another console, by a command or by a virtual machine's start.</summary>
    private async Task FollowOtherAsync()
    {
        if (!TryFollow()) return;
        try
        {
            if (!await FollowAsync()) post(new Msg.RunLeft());
        }
        finally
        {
            Volatile.Write(ref _follows, 0);
        }
    }

    /// <summary>Two viewers would tell everything twice.</summary>
    private bool TryFollow() => Interlocked.Exchange(ref _follows, 1) == 0;

    /// <summary>One that has closed is over, although its worker may still be there.</summary>
    private bool IsAnyAtIt() => service.IsRunning() && RunState.Fold(service.LastRun()) is not { IsClosed: true };

    private async Task ListenAsync(Func<Action<LogLine>, CancellationToken, Task> listen)
    {
        await listen(line => post(new Msg.KernelSaid(line)), _stop);
        post(new Msg.KernelSilent());
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
        if (IsAnyAtIt())
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

    private async Task Telling(Func<Task<string>> deed)
    {
        try
        {
            Tell(await deed());
        }
        catch (HostException refused)
        {
            Tell($"{refused.Message} {refused.Remedy}", isTrouble: true);
        }
    }

    /// <summary>Over the screen, where it goes with the next key, and in the log, where it stays.</summary>
    private void Tell(string text, bool isTrouble = false)
    {
        var level = isTrouble ? LogLevel.Warning : LogLevel.Info;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            post(new Msg.Logged(new LogLine(options.Clock.GetUtcNow(), level, LogSource.Gputty, line)));
        post(new Msg.Told(text, isTrouble));
    }

    private void Go(Func<Task> deed) => _ = Task.Run(async () =>
    {
        try
        {
            await deed();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The program is ending.
        }
        catch (Exception unexpected)
        {
            _broken = ExceptionDispatchInfo.Capture(unexpected);
            post(new Msg.Told("", IsTrouble: true));
        }
    });
}
