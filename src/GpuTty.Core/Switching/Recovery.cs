using System.Collections.Immutable;
using GpuTty.Host;
using GpuTty.Planning;
using GpuTty.Steps;

namespace GpuTty.Switching;

/// <summary>A run of this boot that did not end well, and the two ways out of it. Both are planned afresh from what the machine shows now.</summary>
/// <param name="Run">What the journal tells.</param>
/// <param name="Now">Who has the card now.</param>
/// <param name="Resume">On to where the run was going.</param>
/// <param name="TakeBack">Back to where it came from.</param>
public sealed record Recovery(RunState Run, Owner Now, SwitchIntent Resume, SwitchIntent TakeBack)
{
    /// <summary>Null when there is nothing to recover: no journal, one of another boot, one still running, or one that ended whole.</summary>
    public static Recovery? Of(IEnumerable<RunEvent> journal, HostSnapshot host, bool isRunning)
    {
        if (isRunning || RunState.Fold(journal) is not { } run) return null;
        if (!IsOfThisBoot(run, host) || run.Outcome is Outcome.Switched or Outcome.TakenBack or Outcome.Refused) return null;
        return new Recovery(run, Card.FindAt(host, run.Opening.Intent.Card)?.Owner ?? Owner.Nobody, run.Opening.Intent, IntentBack(run));
    }

    /// <summary>What <c>undo</c> means: back to where the last run of this boot came from. Null without such a run.</summary>
    public static SwitchIntent? UndoOf(IEnumerable<RunEvent> journal, HostSnapshot host) =>
        RunState.Fold(journal) is { } run && IsOfThisBoot(run, host) && run.Outcome != Outcome.Refused ? IntentBack(run) : null;

    /// <summary>
    /// Services that a killed worker had stopped and meant to start again itself, the display manager above all. Those that only
    /// make sense with the card at home are not among them: starting them could load its driver.
    /// </summary>
    public static ImmutableArray<UnitName> UnitsToStart(RunState run)
    {
        var promised = run.Opening.Steps.OfType<StartUnit>().Select(step => step.Unit).ToHashSet();
        return
        [
            .. run.Steps.Where(step => step.Status is not (StepStatus.Waiting or StepStatus.TakenBack))
                .Select(step => step.Step).OfType<StopUnit>().Select(step => step.Unit)
                .Where(promised.Contains)
                .Except(run.Steps.Where(step => step.Status == StepStatus.Done).Select(step => step.Step).OfType<StartUnit>().Select(step => step.Unit)),
        ];
    }

    private static bool IsOfThisBoot(RunState run, HostSnapshot host) =>
        run.Opening.Schema == RunEvent.Opened.CurrentSchema && run.Opening.BootId == host.BootId;

    /// <summary>The consents of the run go with it; where it came from decides the direction.</summary>
    private static SwitchIntent IntentBack(RunState run) =>
        run.Opening.Intent with
        {
            Desktop = DesktopUse.AsItIs,
            Direction = run.Opening.Intent.Direction switch
            {
                Direction.KeepOff => Direction.LetOn,
                Direction.LetOn => Direction.KeepOff,
                _ => run.Opening.Home == Owner.Vfio ? Direction.ToVm : Direction.ToHost,
            },
        };
}
