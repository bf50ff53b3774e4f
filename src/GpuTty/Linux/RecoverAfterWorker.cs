using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Switching;

namespace GpuTty.Linux;

/// <summary>
/// What runs after the worker however it ended: <c>gputty recover</c>. After a worker that was killed it starts the services again that
/// the worker had stopped, so that there is a desktop, and writes nothing to PCI. The journal stays open: the next start offers to go on or to
/// take back. Run twice, it changes nothing the second time.
/// </summary>
internal sealed class RecoverAfterWorker(StatePaths state, TimeProvider clock, IHostReader reader, Func<Action<LogLine>, IHostControls> controls)
{
    private static readonly TimeSpan s_write = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(15);

    /// <summary>The recovery of this machine.</summary>
    public static RecoverAfterWorker OfThisMachine(IHostReader reader, CommandRunner tools) =>
        new(StatePaths.OfThisMachine, TimeProvider.System, reader, log => new LinuxControls(StatePaths.OfThisMachine, tools, TimeProvider.System, log));

    /// <returns>What was done, in a sentence; null when there was nothing to do.</returns>
    public async Task<string?> RunAsync()
    {
        if (Interrupted() is null) return null;
        using var signals = new WorkerSignals();
        SwitchLock mine;
        try
        {
            mine = SwitchLock.Take(state.Run, recovers: true);
        }
        catch (SwitchRunningException)
        {
            return null;
        }
        using (mine)
        using (var log = RunLog.Continue(state))
            return Interrupted() is { } run ? await RestoreAsync(run, log) : null;
    }

    /// <summary>A run of this boot that nobody has closed, and whose desktop is not back yet.</summary>
    private RunState? Interrupted() =>
        FileJournal.Read(state.Lib) is JournalContent.Run run && run.IsOf(BootId.Read()) && RunState.Fold(run.Events) is { IsClosed: false, DesktopRestored: false } open ? open : null;

    private async Task<string?> RestoreAsync(RunState run, RunLog log)
    {
        log.Add(Line(LogLevel.Warning, "The worker was ended in the middle of a switch."));
        await UntilNoWriteAsync();
        var units = Recovery.UnitsToStart(run);
        var host = controls(log.Add);
        var notStarted = ImmutableArray.CreateBuilder<UnitName>();
        foreach (var unit in units)
        {
            if (!await StartAsync(host, unit, log)) notStarted.Add(unit);
        }
        var summary = $"The switch was interrupted. {Desktop(units, notStarted)} {await CardAsync(run)} Start gputty to go on or to take it back.";
        log.Add(Line(LogLevel.Warning, summary));
        if (notStarted.Count > 0) return summary;
        using var journal = new FileJournal(state.Lib);
        journal.Append(new RunEvent.DesktopRestored(summary) { At = clock.GetUtcNow() });
        return summary;
    }

    /// <summary>What a killed worker has asked of the kernel may still happen; what is looked at before tells nothing.</summary>
    private async Task UntilNoWriteAsync()
    {
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), clock);
        while (WriteInFlight.Find(state.Run) is not null && clock.GetElapsedTime(began) < s_write) await timer.WaitForNextTickAsync();
    }

    private async Task<bool> StartAsync(IHostControls host, UnitName unit, RunLog log)
    {
        using var limit = new CancellationTokenSource(s_start, clock);
        try
        {
            await host.StartUnitAsync(unit, limit.Token);
            return true;
        }
        catch (HostException refused)
        {
            log.Add(Line(LogLevel.Error, $"{refused.Message} {refused.Remedy}"));
        }
        catch (OperationCanceledException)
        {
            log.Add(Line(LogLevel.Error, $"{unit} did not start within {s_start.TotalSeconds:0} seconds."));
        }
        return false;
    }

    private static string Desktop(ImmutableArray<UnitName> units, ImmutableArray<UnitName>.Builder notStarted) =>
        notStarted.Count > 0 ? $"{string.Join(" and ", notStarted)} could not be started again."
        : units.IsEmpty ? "No service had to be started again."
        : $"{string.Join(" and ", units)} {(units.Length == 1 ? "has" : "have")} been started again.";

    private async Task<string> CardAsync(RunState run)
    {
        var slot = run.Opening.Intent.Card.SlotName;
        try
        {
            var host = await reader.ReadAsync(Facts.Devices | Facts.State, null, CancellationToken.None).WaitAsync(s_look, clock);
            var stuck = host.Stuck is { } write ? $" A write to {write.Path} has not come back; only a restart of the machine ends that." : "";
            return CardWords.State(slot, Card.FindAt(host, run.Opening.Intent.Card)) + stuck;
        }
        catch (TimeoutException)
        {
            return $"What became of card {slot} could not be read.";
        }
    }

    private LogLine Line(LogLevel level, string text) => new(clock.GetUtcNow(), level, LogSource.Gputty, Visible.Text(text));
}
