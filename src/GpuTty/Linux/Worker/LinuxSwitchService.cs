using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Interop;
using GpuTty.Linux.Processes;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Linux.Worker;

/// <summary>Hands confirmed plans to a worker that is not a child of any terminal, and follows it through its files.</summary>
/// <param name="units">Null where systemd does not run the machine.</param>
internal sealed class LinuxSwitchService(StatePaths state, TimeProvider clock, OwnProgram program, TransientUnits? units) : ISwitchService
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_lookForWorker = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_burst = TimeSpan.FromMilliseconds(10);

    /// <summary>How long the last lines of the log are waited for once a run has closed.</summary>
    private static readonly TimeSpan s_lastLines = TimeSpan.FromSeconds(2);

    /// <summary>Generous: the program itself may start slowly from a network disk.</summary>
    private static readonly TimeSpan s_startsWithin = TimeSpan.FromSeconds(60);

    /// <summary>How long the unit of a run that has ended may go on clearing up before another is refused.</summary>
    private static readonly TimeSpan s_clearsUpWithin = TimeSpan.FromSeconds(15);

    /// <summary>How long systemd may take to forget a unit that runs no more. One that it
    /// knows from a file, a masked one too, it never forgets, and starts no other by its name.</summary>
    private static readonly TimeSpan s_forgetsWithin = TimeSpan.FromSeconds(3);

    private RunEvent.Opened? _runBefore;

    /// <summary>The switch service of this machine.</summary>
    public static LinuxSwitchService OfThisMachine(TransientUnits units) =>
        new(StatePaths.OfThisMachine, TimeProvider.System, OwnProgram.Find(), TransientUnits.RunsMachine ? units : null);

    /// <summary>Empty also between a begin and the first event, and for a journal that
    /// is never acted on or not for this user: <see cref="JournalProblem"/>.</summary>
    public ImmutableArray<RunEvent> LastRun() =>
        OrElse(() => FileJournal.Read(state.Lib) is JournalContent.Run run && !IsRunBefore(run.Opening) ? run.Events : [], []);

    private bool IsRunBefore(RunEvent.Opened run) => _runBefore is { } before && UnfinishedRuns.IsSame(run, before);

    public ImmutableArray<RunEvent> LastBegun() =>
        OrElse(() => FileJournal.ReadBegun(state.Lib) is JournalContent.Run run ? run.Events : [], []);

    public ImmutableArray<ImmutableArray<RunEvent>> Unfinished() => OrElse(() => FileJournal.ReadUnfinished(state.Lib), []);

    public Task DismissAsync(RunEvent.Opened run, CancellationToken cancel) => Task.Run(() =>
    {
        using var mine = SwitchLock.Take(state.Run, recovers: true);
        using var journal = new FileJournal(state.Lib);
        journal.Dismiss(run, clock.GetUtcNow());
    }, cancel);

    /// <summary>Why the journal cannot be read, in a sentence; null when it can, or when there is none.</summary>
    public string? JournalProblem()
    {
        try
        {
            return FileJournal.Read(state.Lib) switch
            {
                JournalContent.OtherVersion other =>
                    $"The journal of the last switch was written by another version of gputty (format {other.Schema}).",
                JournalContent.Unreadable => $"The journal of the last switch, {state.Lib.PathOf(FileJournal.Name)}, is damaged.",
                _ => null,
            };
        }
        catch (NeedsRootException)
        {
            return units is not null && WorkerUnit.IsThere(FileSystemRoot.Live)
                ? "A switch is running, and only root may read its journal."
                : "Only root may read the journal of earlier switches.";
        }
    }

    /// <summary>False also where only root may know: <see cref="JournalProblem"/>.</summary>
    public bool IsRunning() => OrElse(() => SwitchLock.Holder(state.Run) is not null, false);

    /// <summary>An ordinary user sees the rest of the machine anyway.</summary>
    private static T OrElse<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (NeedsRootException)
        {
            return otherwise;
        }
    }

    public async Task BeginAsync(SwitchPlan confirmed, CancellationToken cancel)
    {
        state.Ensure();
        if (SwitchLock.Holder(state.Run) is { } other && !(other.Recovers && units is not null))
            throw new AlreadyRunningException(other.Pid);
        _runBefore = (FileJournal.Read(state.Lib) as JournalContent.Run)?.Opening;
        var request = SwitchRequest.NewName();
        SwitchRequest
            .Of(confirmed, CallerLocationReader.OfThisMachine.NeededBy(Environment.ProcessId), OwnUnit())
            .Write(state.Run, request);
        try
        {
            var hasEnded = units is not null && await units.CanStartAsync(cancel)
                ? await StartUnitAsync(units, confirmed, request, cancel)
                : StartDetached(request);
            await UntilTakenAsync(request, hasEnded, cancel);
        }
        catch
        {
            // A worker that has taken it in the same moment runs it, whatever was said here.
            if (!SwitchRequest.Withdraw(state.Run, request)) return;
            _runBefore = null;
            throw;
        }
    }

    public Task TakeBackAsync(CancellationToken cancel)
    {
        if (SwitchLock.Holder(state.Run) is not { Recovers: false } worker)
            throw new HostException("No switch is running.", "To undo the last one: gputty undo");
        using var process = Native.OpenProcess(worker.Pid);
        // Looked at again now that the pid cannot go to somebody else.
        if (process is not null && worker.Lives) Native.Signal(process, 15);
        return Task.CompletedTask;
    }

    public Task RequestAsync(RunRequest request, CancellationToken cancel)
    {
        if (SwitchLock.Holder(state.Run) is not { Recovers: false })
            throw new HostException("No switch is running.", "Look at the cards: gputty status");
        new RequestFile(state.Run).Write(request);
        return Task.CompletedTask;
    }

    public async Task FollowAsync(Action<RunEvent> onEvent, Action<LogLine> onLog, CancellationToken cancel)
    {
        var follower = new RunFollower(state, _runBefore, onEvent, onLog);
        using var news = FileWatch.Of(FileEvents.Content, state.Run.Path, state.Lib.Path);
        long? closed = null;
        while (true)
        {
            // In this order: what a worker that is gone has written is read after it was seen to be gone.
            var worker = SwitchLock.Holder(state.Run);
            follower.ReadNews(worker);
            // The last log lines come after the last event.
            if (follower.HasClosed && (worker is null || clock.GetElapsedTime(closed ??= clock.GetTimestamp()) > s_lastLines)) return;
            if (!follower.HasClosed && worker is null && !await IsUnitActiveAsync(cancel) && SwitchLock.Holder(state.Run) is null)
            {
                follower.ReadNews(null);
                return;
            }
            if (news is null) await Task.Delay(s_look, clock, cancel);
            // A worker that is killed writes nothing, so somebody has to look. What comes in a burst is read at once.
            else if (await news.WaitAsync(s_lookForWorker, cancel) != FileEvents.None) await Task.Delay(s_burst, clock, cancel);
        }
    }

    private async Task<Func<Task<bool>>> StartUnitAsync(TransientUnits with, SwitchPlan plan, string request, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        long? ended = null;
        UnitStart started;
        while ((started = await with.StartAsync(WorkerUnit.Of(program, plan, request), s_startsWithin, cancel)).Exists)
        {
            if (SwitchLock.Holder(state.Run) is { Recovers: false } other) throw new AlreadyRunningException(other.Pid);
            await UntilClearedUpAsync(s_clearsUpWithin - clock.GetElapsedTime(began), cancel);
            ended ??= clock.GetTimestamp();
            if (clock.GetElapsedTime(ended.Value) > s_forgetsWithin)
                throw new HostException(
                    $"The worker could not be started: systemd has a unit of its own by the name {WorkerUnit.Name}.",
                    $"Look which, and take it away or unmask it: systemctl status {WorkerUnit.Name}");
            await Task.Delay(s_look, clock, cancel);
        }
        return started.Problem is { } why
            ? throw new HostException($"The worker could not be started: {why}", $"See why: journalctl -u {WorkerUnit.Name}")
            // Who does not tell has not said that it is over.
            : async () => await with.IsActiveAsync(WorkerUnit.Name, cancel) == false;
    }

    /// <summary>A run has ended for whoever waited for its result, and its unit
    /// has not: who asks for the next one at once need not know.</summary>
    private async Task UntilClearedUpAsync(TimeSpan atMost, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(s_look, clock);
        while (await IsUnitActiveAsync(cancel))
        {
            if (clock.GetElapsedTime(began) > atMost) throw new AlreadyRunningException(SwitchLock.Holder(state.Run)?.Pid);
            await timer.WaitForNextTickAsync(cancel);
        }
    }

    /// <summary>Without systemd: a session of its own, but the same control
    /// group, and nothing that recovers by itself when it is killed.</summary>
    private Func<Task<bool>> StartDetached(string request)
    {
        var pid = Spawn.Start([.. program.Command, "worker", request], program.Environment);
        return () => Task.FromResult(Spawn.ExitStatus(pid) is not null);
    }

    /// <summary>The worker takes the request away once it has the lock.</summary>
    private async Task UntilTakenAsync(string request, Func<Task<bool>> hasEnded, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        var asked = began;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), clock);
        while (SwitchRequest.IsWaiting(state.Run, request))
        {
            if (clock.GetElapsedTime(asked) > s_lookForWorker)
            {
                asked = clock.GetTimestamp();
                if ((await hasEnded() || clock.GetElapsedTime(began) > s_startsWithin) && SwitchRequest.IsWaiting(state.Run, request))
                    throw NotStarted();
            }
            await timer.WaitForNextTickAsync(cancel);
        }
    }

    /// <summary>The lock may have gone to whoever clears up after an earlier run.</summary>
    private HostException NotStarted() => SwitchLock.Holder(state.Run) is { } other
        ? new AlreadyRunningException(other.Pid)
        : new HostException(
            "The worker did not start.",
            units is not null ? $"See why: journalctl -u {WorkerUnit.Name}" : "See /var/log/gputty.");

    /// <summary>True also while the recovery after a killed worker runs or is about to.</summary>
    private async Task<bool> IsUnitActiveAsync(CancellationToken cancel) =>
        units is not null && await units.IsActiveAsync(WorkerUnit.Name, cancel) == true;

    private static string? OwnUnit() => ControlGroup.Parse(SysFiles.Text(FileSystemRoot.Live.Proc("self/cgroup"), 64 * 1024)).Unit;
}
