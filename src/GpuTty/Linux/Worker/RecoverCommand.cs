using GpuTty.Host;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Linux.Writes;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Worker;

/// <summary>
/// What runs after the worker however it ended: <c>gputty recover</c>. After one that was killed it does what <see cref="CrashRecovery"/>
/// says, once no write of the killed one is under way any more. While the machine shuts down there is nobody to bring a desktop back for.
/// </summary>
internal sealed class RecoverCommand(
    StatePaths state,
    TimeProvider clock,
    IHostReader reader,
    Func<Action<LogLine>, IHostControls> controls,
    Func<Task<bool>>? shutsDown = null,
    Func<PciAddress, Task<string?>>? goOnReturning = null)
{
    private static readonly TimeSpan s_write = TimeSpan.FromSeconds(20);

    /// <summary>The recovery of this machine.</summary>
    public static RecoverCommand OfThisMachine(IHostReader reader, CommandRunner tools, Buses buses) =>
        new(
            StatePaths.OfThisMachine,
            TimeProvider.System,
            reader,
            log => new LinuxControls(StatePaths.OfThisMachine, tools, new Buses(FileSystemRoot.Live), TimeProvider.System, log),
            () => Shutdown.IsUnderWayAsync(buses, tools),
            TransientUnits.RunsMachine ? card => AutoReturnUnit.StartAsync(buses, tools, card, atOnce: true) : null);

    /// <summary>
    /// True where the worker before us ended by itself, switched or rolled back, as systemd tells (systemd.exec(5), $EXIT_CODE and
    /// $EXIT_STATUS; gputty(1), exit codes): all services run then, and even reading the journal would be work after every switch.
    /// </summary>
    public static bool IsNeedlessAfter(string? exitCode, string? exitStatus) => exitCode == "exited" && exitStatus is ("0" or "3");

    /// <summary>True where a worker was killed and nobody has cleared up after it yet.</summary>
    public bool IsNeeded => Interrupted() is not null && SwitchLock.Holder(state.Run) is null;

    /// <param name="request">Of the worker before us (<see cref="SwitchRequest.NewName"/>); null where that is unknown.</param>
    /// <returns>What was done, in a sentence; null when there was nothing to do.</returns>
    public async Task<string?> RunAsync(string? request = null)
    {
        var done = await ClearUpAsync();
        // Killed before it took it, and its viewer too: nobody else would ever take it away.
        if (request is not null && SwitchRequest.IsName(request)) SwitchRequest.Withdraw(state.Run, request);
        return done;
    }

    private async Task<string?> ClearUpAsync()
    {
        if (Interrupted() is null || (shutsDown is not null && await shutsDown())) return null;
        using var signals = new WorkerSignals();
        SwitchLock mine;
        try
        {
            mine = SwitchLock.Take(state.Run, recovers: true);
        }
        catch (AlreadyRunningException)
        {
            return null;
        }
        using (mine)
        using (var log = RunLog.Continue(state))
            return Interrupted() is { } run ? await RestoreAsync(run, log) : null;
    }

    /// <summary>A run of this boot that nobody has closed, or that was left
    /// halfway with services down, and whose desktop is not back yet.</summary>
    private RunState? Interrupted() =>
        FileJournal.Read(state.Lib) is JournalContent.Run run && run.IsOf(BootId.Read())
        && RunState.Fold(run.Events) is { DesktopRestored: false, Outcome: null or Outcome.LeftHalfway } open
        && (!open.IsClosed || !InterruptedRun.UnitsToStart(open).IsEmpty) ? open : null;

    private async Task<string?> RestoreAsync(RunState run, RunLog log)
    {
        log.Add(new LogLine(
            clock.GetUtcNow(),
            LogLevel.Warning,
            LogSource.Gputty,
            run.IsClosed ? "The switch was left halfway, with services stopped." : "The worker was ended in the middle of a switch."));
        using var awake = new WakeLock("What an interrupted switch has stopped is started again", clock, log.Add);
        await awake.WhenTriedAsync();
        await UntilNoWriteAsync();
        using var journal = new FileJournal(state.Lib);
        return await new CrashRecovery(
            reader, controls(log.Add), journal, clock, log.Add, card => GoOnReturningAsync(card, log)).RunAsync(run);
    }

    private async Task GoOnReturningAsync(PciAddress card, RunLog log)
    {
        if (goOnReturning is null) return;
        var why = await goOnReturning(card);
        log.Add(new LogLine(
            clock.GetUtcNow(),
            LogLevel.Warning,
            LogSource.Gputty,
            Visible.Text(why is null
                ? $"It may be the only card: {AutoReturnUnit.Name} goes on trying to return it to the host."
                : $"The card will not be returned to the host automatically: {why}")));
    }

    /// <summary>What a killed worker has asked of the kernel may still happen; what is looked at before tells nothing.</summary>
    private async Task UntilNoWriteAsync()
    {
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), clock);
        while (PendingWrite.Find(state.Run) is not null && clock.GetElapsedTime(began) < s_write) await timer.WaitForNextTickAsync();
    }
}
