using System.Collections.Immutable;
using GpuTty.Planning.Plans;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>
/// Runs that did not end whole. Each stays offered whatever other runs come after it, until one that is about the same has ended whole,
/// or the user has
/// dismissed it. Journals, oldest first.
/// </summary>
public static class UnfinishedRuns
{
    /// <summary>These after one more run, in the state its journal shows.</summary>
    public static ImmutableArray<ImmutableArray<RunEvent>> After(
        IEnumerable<ImmutableArray<RunEvent>> before, ImmutableArray<RunEvent> journal)
    {
        if (RunState.Fold(journal) is not { } run) return [.. before];
        var others = before.Where(other => RunState.Fold(other) is { } known && !IsSame(known.Opening, run.Opening)
            && known.Opening.BootId == run.Opening.BootId && !Resolves(run, known));
        return run.IsUnfinished ? [.. others, journal] : [.. others];
    }

    /// <summary>
    /// True where nothing of the earlier run has to be offered any more: a later one has brought the same thing to its end, with the
    /// services that were stopped.
    /// </summary>
    public static bool Resolves(RunState later, RunState earlier)
    {
        if (later.Outcome != Outcome.Switched || AboutOf(later) != AboutOf(earlier)) return false;
        if (AboutOf(earlier) != About.Pins && !later.Opening.Intent.Card.SharesSlotWith(earlier.Opening.Intent.Card)) return false;
        var started = later.Opening.Steps.OfType<StartUnit>().Select(step => step.Unit).Concat(later.Opening.Intent.PendingRestarts);
        return earlier.DesktopRestored || !InterruptedRun.UnitsToStart(earlier).Except(started).Any();
    }

    public static bool IsSame(RunEvent.Opened one, RunEvent.Opened other) =>
        one.At == other.At && one.WorkerPid == other.WorkerPid && one.BootId == other.BootId;

    private enum About { Card, Seat, Pins, Override }

    private static About AboutOf(RunState run) => run.Opening.Intent.Direction switch
    {
        Direction.ToVm or Direction.ToHost => About.Card,
        Direction.HideFromSeat or Direction.AllowDesktop => About.Seat,
        Direction.Pin or Direction.Unpin => About.Pins,
        _ => About.Override,
    };
}
