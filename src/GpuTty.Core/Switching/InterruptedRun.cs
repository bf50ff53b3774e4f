using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Host.Desktop;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>A run of this boot that did not end well, and the two ways out
/// of it. Both are planned afresh from what the machine shows now.</summary>
/// <param name="Run">What the journal tells.</param>
/// <param name="Now">Who has the card now.</param>
/// <param name="Resume">On to where the run was going.</param>
/// <param name="TakeBack">Back to where it came from.</param>
public sealed record InterruptedRun(RunState Run, Owner Now, SwitchIntent Resume, SwitchIntent TakeBack)
{
    /// <summary>The newest of several runs that did not end well and of which
    /// something is left; null when there is none, or one is running.</summary>
    /// <param name="unfinished">Their journals, oldest first (<see cref="UnfinishedRuns"/>).</param>
    public static InterruptedRun? Of(IEnumerable<ImmutableArray<RunEvent>> unfinished, HostSnapshot host, bool isRunning) =>
        unfinished.Reverse().Select(journal => Of(journal, host, isRunning)).FirstOrDefault(recovery => recovery is not null);

    /// <summary>Null when there is nothing to recover: no journal, one of another boot,
    /// one still running, one that ended whole, or of which nothing is left.</summary>
    public static InterruptedRun? Of(IEnumerable<RunEvent> journal, HostSnapshot host, bool isRunning)
    {
        if (isRunning || RunState.Fold(journal) is not { } run) return null;
        if (!IsOfThisBoot(run, host) || !run.IsUnfinished || EndOf(run, host) is not null) return null;
        var now = Card.FindAt(host, run.Opening.Intent.Card)?.Owner ?? Owner.Nobody;
        return new InterruptedRun(run, now, IntentOn(run, now), IntentBack(run));
    }

    /// <summary>Without what need not be done twice: a copy of the firmware is there, and a
    /// second one would be refused; a reset holds as long as no driver of the host has had the card since.</summary>
    private static SwitchIntent IntentOn(RunState run, Owner now) => run.Opening.Intent with
    {
        PendingRestarts = UnitsToStart(run),
        SaveFirmware = AreDone<SaveFirmware>(run) ? null : run.Opening.Intent.SaveFirmware,
        ResetMethod = now == Owner.Vfio && !run.IsTakingBack && AreDone<ResetFunction>(run) ? null : run.Opening.Intent.ResetMethod,
    };

    private static bool AreDone<T>(RunState run)
        where T : Step =>
        run.Steps.Any(step => step.Step is T) && run.Steps.All(step => step.Step is not T || step.Status == StepStatus.Done);

    /// <summary>
    /// How a run that nobody has closed, or that was left halfway, has ended anyway, as the machine shows it now: everything it wanted is
    /// so, or everything it had begun is as it was. Null while something of it is half-done.
    /// </summary>
    public static Outcome? EndOf(RunState run, HostSnapshot host)
    {
        if (host.Stuck is not null) return null;
        if (!run.DesktopRestored && UnitsToStart(run).Any(unit => host.FindUnit(unit)?.IsActive != true && host.CanBeStarted(unit)))
            return null;
        // Nothing shows whether a reset or a copy of the firmware has been made.
        if (!run.IsTakingBack && run.Steps.All(step => step.Status == StepStatus.Done || step.Step is DropOriginalState
            || (step.Step is not (ResetFunction or SaveFirmware) && step.Step.HasHappened(host)))) return Outcome.Switched;
        return run.Steps.All(step => IsAsBefore(run, step, host)) && IsNothingLeft(SwitchPlanner.Plan(host, IntentBack(run)))
            ? Outcome.TakenBack
            : null;
    }

    /// <summary>What is remembered of a card for which a run that ended
    /// like this has no use any more; null when there is nothing.</summary>
    public static OriginalState? NeedlessMemory(RunState run, Outcome end) => end == Outcome.Switched
        ? run.Opening.Steps.OfType<DropOriginalState>().FirstOrDefault()?.Memory
        : run.Steps.FirstOrDefault(step =>
            step is { Step: SaveOriginalState, Status: not StepStatus.Waiting })?.Step is SaveOriginalState remembered
        ? remembered.Added
        : null;

    /// <summary>What <c>undo</c> means: an interrupted run is rolled back before any other; where there is none, the last one is.</summary>
    /// <param name="unfinished">Journals of runs that did not end well, oldest first.</param>
    /// <param name="last">The journal of the newest run that began a step.</param>
    public static SwitchIntent? UndoOf(IEnumerable<ImmutableArray<RunEvent>> unfinished, IEnumerable<RunEvent> last, HostSnapshot host) =>
        Of(unfinished, host, isRunning: false) is not { Run: var run } ? UndoOf(last, host)
        : run.Opening.Intent.IsUndo ? run.Opening.Intent with { PendingRestarts = UnitsToStart(run) }
        : IntentBack(run);

    /// <summary>
    /// What <c>undo</c> of one run means: back to where the last run of this boot came from. Null without such a run. An
    /// undo is not undone: asked again, one that did not get through goes on, and after one that did there is nothing to do.
    /// </summary>
    public static SwitchIntent? UndoOf(IEnumerable<RunEvent> journal, HostSnapshot host) =>
        RunState.Fold(journal) is not { } run || !IsOfThisBoot(run, host) ? null
        : run.Opening.Intent.IsUndo
            ? (run.Outcome == Outcome.Switched ? null : run.Opening.Intent with { PendingRestarts = UnitsToStart(run) })
            : run.Outcome != Outcome.Refused ? IntentBack(run)
        : null;

    /// <summary>
    /// Services that a killed worker had stopped and meant to start again itself, the display manager above all. Those that only
    /// make sense with the card at home are not among them, unless it is: starting them could load its driver.
    /// </summary>
    /// <param name="host">The machine as it is now, where it is known.</param>
    public static ImmutableArray<UnitName> UnitsToStart(RunState run, HostSnapshot? host = null)
    {
        var isAtHome = host is { Stuck: null }
            && Card.FindAt(host, run.Opening.Intent.Card)?.Display is { Driver: not null, IsOnVfio: false };
        // With those that were asked for on the way.
        var promised = run.Steps.Select(step => step.Step).OfType<StartUnit>().Select(step => step.Unit).ToHashSet();
        return
        [
            // What an earlier run owed and this one did not get to is owed still.
            .. run.Opening.Intent.PendingRestarts
                .Concat(run.Steps.Where(step => step.Status is not (StepStatus.Waiting or StepStatus.TakenBack))
                        .Select(step => step.Step).OfType<StopUnit>().Select(step => step.Unit)
                        .Where(unit => isAtHome || promised.Contains(unit)))
                // A roll-back stops again what the run itself has started, and says so only once it has.
                .Except(run.IsTakingBack ? [] : Started(run)),
        ];
    }

    private static IEnumerable<UnitName> Started(RunState run) =>
        run.Steps.Where(step => step.Status == StepStatus.Done).Select(step => step.Step).OfType<StartUnit>().Select(step => step.Unit);

    /// <summary>
    /// The way home after a worker that was killed while the machine's only card was away or on its way: nobody could see a question, so
    /// none is asked. Null where there is another card, or nothing to bring home.
    /// </summary>
    public static SwitchPlan? SingleGpuReturn(RunState run, HostSnapshot host) =>
        run.Opening.Intent is { Direction: Direction.ToVm or Direction.ToHost } intent
        && Card.FindAt(host, intent.Card) is { } card && SwitchChecks.Others(host, card).IsEmpty
        && SwitchPlanner.Plan(host, WayHome(intent.Card)) is PlanResult.Ready home
            ? home.Plan
            : null;

    /// <summary>True where the machine's only card is away, or halfway, and nothing can be planned that brings it home now.</summary>
    public static bool IsOnlyCardAway(RunState run, HostSnapshot host) =>
        Card.FindAt(host, run.Opening.Intent.Card) is { } card && SwitchChecks.Others(host, card).IsEmpty
        && SwitchPlanner.Plan(host, WayHome(card.Address)) is PlanResult.Blocked;

    private static SwitchIntent WayHome(PciAddress card) => new(card, Direction.ToHost, EndSessions: true) { IsUndo = true };

    private static bool IsNothingLeft(PlanResult back) =>
        back is PlanResult.AlreadyThere
        || (back is PlanResult.Ready ready && ready.Plan.Steps.All(step => step is DropOriginalState or DropDesktopAccess));

    /// <summary>What is remembered of a card does no harm where it is not needed.</summary>
    private static bool IsAsBefore(RunState run, StepProgress step, HostSnapshot host) =>
        step is { Status: StepStatus.Waiting or StepStatus.TakenBack }
            or { Step: SaveOriginalState or SaveDesktopAccess or DropDesktopAccess }
        || step.Step.Undo(host) is not { } undo || undo.HasHappened(host)
        // What the run itself had stopped ran before it: the step that stopped it tells.
        || (step.Step is StartUnit start && run.Steps.Any(other => other.Step is StopUnit stop && stop.Unit == start.Unit))
        || (run.DesktopRestored && undo is StartUnit && run.Opening.Steps.Contains(undo));

    private static bool IsOfThisBoot(RunState run, HostSnapshot host) =>
        run.Opening.Schema == RunEvent.Opened.CurrentSchema && run.Opening.BootId == host.BootId;

    /// <summary>The consents of the run go with it; where it came from decides
    /// the direction, and what it had set is set back exactly.</summary>
    private static SwitchIntent IntentBack(RunState run) =>
        run.Opening.Intent with
        {
            Desktop = DesktopAccess.Unchanged,
            ConfirmWithin = null,
            IsUndo = true,
            PendingRestarts = UnitsToStart(run),
            Restores = [.. SettingsBefore(run)],
            Direction = run.Opening.Intent.Direction switch
            {
                Direction.HideFromSeat => Direction.AllowDesktop,
                Direction.AllowDesktop => Direction.HideFromSeat,
                Direction.Pin => Direction.Unpin,
                Direction.Unpin => Direction.Pin,
                Direction.ClearOverride => Direction.SetOverride,
                Direction.SetOverride => Direction.ClearOverride,
                Direction.Rescan => Direction.Rescan,
                _ => run.Opening.Home == Owner.Vfio ? Direction.ToVm : Direction.ToHost,
            },
        };

    /// <summary>Back through everything that the run has set, or was setting, and
    /// that is no part of moving a card: the planner knows that itself.</summary>
    private static IEnumerable<Step> SettingsBefore(RunState run) => run.Steps
        .Where(step => step.Status is not (StepStatus.Waiting or StepStatus.TakenBack)
            // On its way home a card brings them along: what they were is remembered.
            && (IsSetting(step.Step, run.Opening.Intent.Direction) || (step.Step is ChangeSetting && run.Opening.Home == Owner.Vfio)))
        .Reverse().Select(step => step.Step.Undo()).OfType<Step>();

    private static bool IsSetting(Step step, Direction direction) =>
        step is HideFromSeat or AllowDesktop or PinDesktop or UnpinDesktop or SaveDesktopAccess or DropDesktopAccess or AllowVfio
            or DenyVfio
        || (step is SetDriverOverride && direction is Direction.ClearOverride or Direction.SetOverride)
        // On a function of another card, which had no driver and was to keep none meanwhile.
        || step is SetDriverOverride { Old: null, New: PlaceholderDrivers.NoDriver };
}
