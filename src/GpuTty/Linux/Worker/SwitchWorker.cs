using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Interop;
using GpuTty.Linux.Commands;
using GpuTty.Linux.Kernel;
using GpuTty.Linux.Processes;
using GpuTty.Linux.State;
using GpuTty.Linux.Systemd;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Steps;
using GpuTty.Switching;
using GpuTty.Text;

namespace GpuTty.Linux.Worker;

/// <summary>
/// What runs a switch: <c>gputty worker</c>, alone, without a terminal. It looks again and plans again; only what was confirmed is run.
/// </summary>
/// <param name="controls">Made for a run: the request names processes that are never signalled, and what is done goes into the log.</param>
/// <param name="buses">Where systemd is asked.</param>
internal sealed class SwitchWorker(
    StatePaths state,
    CommandRunner tools,
    Buses buses,
    TimeProvider clock,
    IHostReader reader,
    Func<SwitchRequest, Action<LogLine>, IHostControls> controls)
{
    /// <summary>Whoever is listened to may hang: that must not keep the next switch waiting.</summary>
    private static readonly TimeSpan s_lastLines = TimeSpan.FromSeconds(2);
    private readonly RequestFile _requests = new(state.Run);

    /// <summary>The worker of this machine.</summary>
    public static SwitchWorker OfThisMachine(IHostReader reader, CommandRunner tools, Buses buses) =>
        new(StatePaths.OfThisMachine, tools, buses, TimeProvider.System, reader,
            (request, log) =>
                new LinuxControls(
                    StatePaths.OfThisMachine,
                    tools,
                    new Buses(FileSystemRoot.Live),
                    TimeProvider.System,
                    log,
                    isProtected: request.Protected));

    /// <param name="requestName">The request's file, as the viewer named it.</param>
    /// <returns>How it ended; null when there was no such request.</returns>
    /// <exception cref="AlreadyRunningException">Another worker is at it.</exception>
    public async Task<Outcome?> RunAsync(string requestName)
    {
        using var signals = new WorkerSignals(() => Shutdown.IsUnderWayAsync(buses, tools));
        using var mine = SwitchLock.Take(state.Run);
        SpareFromMemoryShortage();
        // Meanwhile the request is read, and what listens is started.
        var looking = reader.ReadAsync(SnapshotSections.All, null, CancellationToken.None);
        using var log = RunLog.Begin(state);
        using var awake = new WakeLock("A graphics card is being switched", clock, log.Add);
        if (SwitchRequest.Take(state.Run, requestName) is not { } request) return null;
        _requests.Forget();
        using var end = new CancellationTokenSource();
        var crash = new CrashListener(state.Run, () => KernelFacts.Taint(FileSystemRoot.Live));
        var kernel = new KernelLog(clock, log.Add, crash.Hear).PumpAsync(end.Token);
        var unit = StoppedUnit(request) is { } name ? new UnitLog(tools, clock, log.Add).PumpAsync(name, end.Token) : Task.CompletedTask;
        try
        {
            await awake.WhenTriedAsync();
            var run = SwitchAsync(request, looking, log, signals.TakeBack);
            if (await Task.WhenAny(run, signals.Ends) == run) return await run;
            log.Add(new LogLine(
                clock.GetUtcNow(),
                LogLevel.Warning,
                LogSource.Gputty,
                "The machine is shutting down: the switch ends here. A reboot puts every card on the host; "
                    + "a soft reboot does not: gputty undo."));
            return null;
        }
        catch (Exception broken)
        {
            // The journal stays open: the recovery brings the desktop back, and the next start offers the rest.
            log.Add(new LogLine(clock.GetUtcNow(), LogLevel.Error, LogSource.Gputty, Visible.Text($"The worker ended: {broken.Message}")));
            throw;
        }
        finally
        {
            await end.CancelAsync();
            await UntilQuietAsync(log, kernel, unit);
            crash.End();
        }
    }

    private async Task<Outcome> SwitchAsync(
        SwitchRequest request, Task<HostSnapshot> looking, RunLog log, CancellationToken takeBack)
    {
        var seen = await reader.WithNeedsOfAsync(request.Intent, await looking, CancellationToken.None);
        // The planner must spare those who asked, not this process, which nobody sits at.
        var units = CallerLocationReader.UnitsOf(FileSystemRoot.Live, request.Protected);
        var host = seen with
        {
            Caller = seen.Caller with
            {
                Pid = Environment.ProcessId,
                Ancestors = request.Protected,
                Units = units,
                Unit = request.ProtectedUnit,
            },
        };
        using var journal = new FileJournal(state.Lib, KernelNote.Say);
        var confirmed = new ConfirmedPlan(request.Plan);
        if (confirmed.Against(host, out var why) is not { } plan)
        {
            confirmed.Refuse(journal, host, clock, why);
            log.Add(new LogLine(clock.GetUtcNow(), LogLevel.Warning, LogSource.Gputty, why));
            return Outcome.Refused;
        }
        var outcome =
            await new SwitchRunner(reader, controls(request, log.Add), journal, clock, log.Add, _requests).RunAsync(plan, host, takeBack);
        if (outcome == Outcome.Switched && GivesOnlyCardAway(host, request.Intent)) await WatchOverAsync(request.Intent.Card, log);
        return outcome;
    }

    /// <summary>Whatever became of those who only listened: it is no part of how the switch ended.</summary>
    private async Task UntilQuietAsync(RunLog log, params Task[] listeners)
    {
        try
        {
            await Task.WhenAll(listeners).WaitAsync(s_lastLines, clock);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            log.Add(new LogLine(
                clock.GetUtcNow(),
                LogLevel.Warning,
                LogSource.Gputty,
                Visible.Text($"Listening to the kernel or a unit ended: {broken.Message}")));
        }
    }

    private static bool GivesOnlyCardAway(HostSnapshot host, SwitchIntent intent) =>
        intent is { SingleGpu: true, Direction: Direction.ToVm }
        && Card.FindAt(host, intent.Card) is { } card
        && SwitchChecks.Others(host, card).IsEmpty;

    /// <summary>With the only card away nobody can see that its virtual machine has ended.</summary>
    private async Task WatchOverAsync(PciAddress card, RunLog log)
    {
        WatchNotes.Forget(state.Run);
        if (await AutoReturnUnit.StartAsync(buses, tools, card) is { } why)
            log.Add(new LogLine(
                clock.GetUtcNow(),
                LogLevel.Warning,
                LogSource.Gputty,
                Visible.Text($"The card will not be returned to the host automatically: {why}")));
    }

    /// <summary>The display manager is what a switch stops first.</summary>
    private static UnitName? StoppedUnit(SwitchRequest request) =>
        request.Steps.OfType<StopUnit>().FirstOrDefault(step => step.Unit.Uid is null)?.Unit;

    /// <summary>Whoever is killed for want of memory, it must not be the one that can bring the desktop back.</summary>
    private static void SpareFromMemoryShortage()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "-900");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // In a container; the unit's own OOMScoreAdjust= has done it elsewhere.
        }
    }
}
