using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Devices;
using GpuTty.Planning.Plans;
using GpuTty.Text;

namespace GpuTty.Switching;

/// <summary>
/// What is done after a worker that was killed: the services that it had stopped are started again, so that there is a desktop, and
/// nothing is written to PCI, unless it was the only card: nobody could see a question then, and it is brought home. A run that has
/// left nothing behind is closed, and of one that was left halfway only the services are started; another stays
/// open, and the next start offers to resume or to undo it. Done twice, it changes nothing the second time.
/// </summary>
/// <param name="goOnReturning">Has somebody else bring the only card home, however many attempts that takes, where it cannot be brought
/// home here; null where there is nobody.</param>
public sealed class CrashRecovery(
    IHostReader reader, IHostControls controls, IJournal journal, TimeProvider clock, Action<LogLine> log,
    Func<PciAddress, Task>? goOnReturning = null)
{
    /// <summary>Ends what is said of a run that stays open; of no use to somebody who looks at gputty already.</summary>
    public const string GoOn = "Start gputty to resume or to undo it.";

    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(15);

    /// <summary>Where nothing but the only card can bring the desktop.</summary>
    private static readonly TimeSpan s_lookForOnlyCard = TimeSpan.FromSeconds(60);

    /// <returns>What was done, in a sentence or three.</returns>
    public async Task<string> RunAsync(RunState run)
    {
        // Nothing but the only card comes before the desktop: a look may take long, or fail.
        var mayBeOnly = !run.IsClosed && run.Opening.Intent is { SingleGpu: true } or { Direction: Direction.ToHost };
        var isOnlyOne = run.Opening.Intent.SingleGpu || InterruptedRun.UnitsToStart(run).IsEmpty;
        var now = mayBeOnly ? await LookAsync(isOnlyOne ? s_lookForOnlyCard : s_look) : null;
        if (now is not null && InterruptedRun.SingleGpuReturn(run, now) is { } home) return await BringHomeAsync(home, now);
        var units = InterruptedRun.UnitsToStart(run, now);
        var notStarted = ImmutableArray.CreateBuilder<UnitName>();
        foreach (var unit in units)
        {
            if (!await StartAsync(unit)) notStarted.Add(unit);
        }
        var host = await LookAsync(s_look);
        if (mayBeOnly && now is null && host is not null && InterruptedRun.SingleGpuReturn(run, host) is { } late)
            return await BringHomeAsync(late, host);
        var isAway = mayBeOnly && ((host ?? now) is not { } seen || InterruptedRun.IsOnlyCardAway(run, seen));
        var end = notStarted.Count == 0 && host is not null && !run.IsClosed
            ? InterruptedRun.EndOf(run with { DesktopRestored = true }, host)
            : null;
        var summary = $"The switch was {(run.IsClosed ? "left halfway" : "interrupted")}. "
            + $"{Desktop(units, notStarted)} {CardNow(run, host)} {Next(end)}";
        Log(LogLevel.Warning, summary);
        if (isAway && goOnReturning is not null) await goOnReturning(run.Opening.Intent.Card);
        // It is tried again: by whoever recovers next, or by a person.
        if (isAway || notStarted.Any(unit => BringsDesktop(run, host, unit))) return summary;
        if (end is { } whole) await ForgetAsync(InterruptedRun.NeedlessMemory(run, whole));
        Note(new RunEvent.DesktopRestored(summary) { At = clock.GetUtcNow() });
        if (end is { } outcome) Note(new RunEvent.Closed(outcome, summary) { At = clock.GetUtcNow() });
        return summary;
    }

    /// <summary>Any other service that does not start is named once, and no reason to try all of them again.</summary>
    private static bool BringsDesktop(RunState run, HostSnapshot? host, UnitName unit) =>
        unit == host?.DisplayManager?.Unit.Name || DesktopUnits.StartedBy(run.Opening.Steps).Contains(unit);

    /// <summary>What cannot be written down has been done anyway; the next start looks again.</summary>
    private void Note(RunEvent entry)
    {
        try
        {
            journal.Append(entry);
        }
        catch (HostException refused)
        {
            Log(LogLevel.Error, $"{refused.Message} {refused.Remedy}");
        }
    }

    private async Task<string> BringHomeAsync(SwitchPlan home, HostSnapshot now)
    {
        Log(LogLevel.Warning, "It is the only card: it is returned to the host, and the desktop is started.");
        var outcome = await new SwitchRunner(reader, controls, journal, clock, log).RunAsync(home, now, CancellationToken.None);
        return "The switch was interrupted. "
            + (outcome == Outcome.Switched
                ? "The only card has been returned to the host."
                : $"The only card could not be returned to the host completely. {GoOn}");
    }

    private static string Next(Outcome? end) => end switch
    {
        null => GoOn,
        Outcome.Switched => "The switch had already completed. Nothing to do.",
        _ => "Nothing to do.",
    };

    private async Task<bool> StartAsync(UnitName unit)
    {
        using var limit = new CancellationTokenSource(s_start, clock);
        try
        {
            await UntilStartedAsync(unit, limit.Token);
            return true;
        }
        catch (HostException refused)
        {
            Log(LogLevel.Error, $"{refused.Message} {refused.Remedy}");
        }
        catch (OperationCanceledException)
        {
            Log(LogLevel.Error, $"{unit} did not start within {Counted.Seconds(s_start)}.");
        }
        return false;
    }

    /// <summary>A unit with Restart= may come up by itself after a start that failed.</summary>
    private async Task UntilStartedAsync(UnitName unit, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await controls.StartUnitAsync(unit, cancel);
                return;
            }
            catch (HostException busy) when (busy.IsTransient)
            {
                await reader.WaitForChangeAsync(s_again, cancel);
            }
        }
    }

    private static string Desktop(ImmutableArray<UnitName> units, ImmutableArray<UnitName>.Builder notStarted) =>
        notStarted.Count > 0 ? $"{string.Join(" and ", notStarted)} could not be started again."
        : units.IsEmpty ? "No service had to be started again."
        : $"{string.Join(" and ", units)} {Counted.Word(units.Length, "has", "have")} been started again.";

    /// <summary>Null when the machine does not answer in time, or cannot be looked at.</summary>
    private async Task<HostSnapshot?> LookAsync(TimeSpan limit)
    {
        using var isLate = new CancellationTokenSource();
        try
        {
            return await reader.ReadAsync(SnapshotSections.All, null, isLate.Token).WaitAsync(limit, clock);
        }
        catch (Exception blind)
        {
            // Whatever it is: it must not keep the desktop from coming back. A
            // late look is given up, so that the next one need not wait for it.
            await isLate.CancelAsync();
            Log(LogLevel.Error, $"The machine's state could not be read: {blind.Message}");
            return null;
        }
    }

    private static string CardNow(RunState run, HostSnapshot? host)
    {
        var slot = run.Opening.Intent.Card.SlotName;
        if (host is null) return $"The state of card {slot} is unknown.";
        var stuck = host.Stuck is { } write ? $" The kernel {write.Finding}; only a reboot ends that." : "";
        var where = Card.FindAt(host, run.Opening.Intent.Card) is { } card ? OwnerText.Of(card) : "not there";
        return $"Card {slot} is {where}.{stuck}";
    }

    private async Task ForgetAsync(OriginalState? memory)
    {
        if (memory is null) return;
        try
        {
            await controls.ForgetAsync(memory, CancellationToken.None);
        }
        catch (HostException refused)
        {
            // It does no harm: the next switch of the card replaces it.
            Log(LogLevel.Warning, refused.Message);
        }
    }

    private void Log(LogLevel level, string text) => log(new LogLine(clock.GetUtcNow(), level, LogSource.Gputty, Visible.Text(text)));
}
