using System.Collections.Immutable;
using GpuTty.Steps;

namespace GpuTty.Planning.Plans;

/// <summary>Hard: the display manager is stopped and graphical sessions end. Soft: the desktop is left alone.</summary>
public enum DesktopImpact
{
    [JsonStringEnumMemberName("Soft")] None,
    [JsonStringEnumMemberName("Hard")] Restart,
}

/// <summary>How carefully the user must be asked.</summary>
public enum Risk
{
    [JsonStringEnumMemberName("Reversible")] Reversible,
    [JsonStringEnumMemberName("EndsSession")] EndsSession,
    [JsonStringEnumMemberName("MayLoseConsole")] MayLoseConsole,
}

/// <summary>The steps of one switch, in order, and what they cost.</summary>
/// <param name="Consequences">What the user will lose, a sentence each; empty when nothing.</param>
public sealed record SwitchPlan(
    SwitchIntent Intent, DesktopImpact DesktopImpact, Risk Risk, ImmutableArray<Step> Steps, ImmutableArray<Consequence> Consequences)
{
    /// <summary>True where another look led to the very same steps: what was confirmed is what will run.</summary>
    public bool SameStepsAs(SwitchPlan other) =>
        Intent with { PendingRestarts = [], Restores = [] } == other.Intent with { PendingRestarts = [], Restores = [] }
        && Steps.SequenceEqual(other.Steps);

    /// <summary>Steps that cannot be undone, to be shown before the user agrees.</summary>
    public IEnumerable<Step> Irreversible => Steps.Where(step => step.IsIrreversible());
}
