using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning.Plans;
using GpuTty.Switching;

namespace GpuTty.Simulation;

/// <summary>A machine as somebody has seen it: it never changes.</summary>
internal sealed class RecordedHost(HostSnapshot seen) : IHostReader
{
    public Task<HostSnapshot> ReadAsync(SnapshotSections facts, HostSnapshot? before, CancellationToken cancel) => Task.FromResult(seen);

    public async Task WaitForChangeAsync(TimeSpan atMost, CancellationToken cancel) => await Task.Delay(atMost, cancel);
}

/// <summary>The switches of a recorded machine. Nothing can be changed there.</summary>
internal sealed class RecordedSwitchService(
    ImmutableArray<RunEvent> last, ImmutableArray<RunEvent> begun, ImmutableArray<ImmutableArray<RunEvent>> unfinished) : ISwitchService
{
    public ImmutableArray<RunEvent> LastRun() => last;
    public ImmutableArray<RunEvent> LastBegun() => begun;
    public ImmutableArray<ImmutableArray<RunEvent>> Unfinished() => unfinished;
    public bool IsRunning() => false;

    public Task DismissAsync(RunEvent.Opened run, CancellationToken cancel) => throw Recorded();
    public Task BeginAsync(SwitchPlan confirmed, CancellationToken cancel) => throw Recorded();
    public Task TakeBackAsync(CancellationToken cancel) => throw Recorded();
    public Task RequestAsync(RunRequest request, CancellationToken cancel) => throw Recorded();

    public Task FollowAsync(Action<RunEvent> onEvent, Action<LogLine> onLog, CancellationToken cancel)
    {
        foreach (var entry in last) onEvent(entry);
        return Task.CompletedTask;
    }

    private static HostException Recorded() =>
        new("This is a report of another machine: nothing can be changed there.", "Look at the plan; it can only be run on that machine.");
}
