using System.Collections.Immutable;
using GpuTty.Planning.Plans;

namespace GpuTty.Switching;

/// <summary>
/// Where a confirmed plan is handed in and followed. The run itself lives elsewhere (a unit of its own on a real machine) and
/// does not end with its viewers. <see cref="FollowAsync"/> pushes: a viewer that stops reading must not stop a switch.
/// </summary>
public interface ISwitchService
{
    /// <summary>The journal of the last or current run; empty when there is none.</summary>
    ImmutableArray<RunEvent> LastRun();

    /// <summary>The journal of the newest run that began a step: what recovery and
    /// undo are about. One that was refused after it does not hide it.</summary>
    ImmutableArray<RunEvent> LastBegun();

    /// <summary>Journals of the runs that did not end whole and that no later run has resolved,
    /// oldest first: see <see cref="UnfinishedRuns"/>. One that runs is among them.</summary>
    ImmutableArray<ImmutableArray<RunEvent>> Unfinished();

    /// <summary>Leaves an unfinished run as it is: it is not offered any more.</summary>
    /// <param name="run">Its first line.</param>
    /// <exception cref="AlreadyRunningException">A switch is running.</exception>
    Task DismissAsync(RunEvent.Opened run, CancellationToken cancel);

    /// <summary>True while a worker is at it.</summary>
    bool IsRunning();

    /// <summary>True while a run goes on: one that has closed is over, although its worker may still be there.</summary>
    bool IsUnderWay() => IsRunning() && RunState.Fold(LastRun()) is not { IsClosed: true };

    /// <summary>Starts a worker on a plan. It looks again and refuses if the steps would differ from the confirmed ones.</summary>
    /// <param name="cancel">Calls it off until the worker has taken the plan; from then on it is no longer heard.</param>
    /// <exception cref="AlreadyRunningException">Another switch is running.</exception>
    /// <exception cref="Host.HostException">The worker cannot be started.</exception>
    Task BeginAsync(SwitchPlan confirmed, CancellationToken cancel);

    /// <summary>Asks the running worker to stop waiting and roll everything back.</summary>
    Task TakeBackAsync(CancellationToken cancel);

    /// <summary>Tells the running worker what a person wants of the step that waits. What it made of it shows in the journal.</summary>
    /// <exception cref="Host.HostException">No switch is running.</exception>
    Task RequestAsync(RunRequest request, CancellationToken cancel);

    /// <summary>Every event of the current run from its first, then new ones, and
    /// log lines as they come, until it closes or its worker is gone.</summary>
    Task FollowAsync(Action<RunEvent> onEvent, Action<LogLine> onLog, CancellationToken cancel);
}
