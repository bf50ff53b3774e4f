using System.Collections.Immutable;
using GpuTty.Host.Pci;
using GpuTty.Planning.Checks;

namespace GpuTty.Planning.Plans;

/// <summary>The answer of the planner; there is no fourth.</summary>
public abstract record PlanResult
{
    private PlanResult() { }

    public sealed record Ready(SwitchPlan Plan) : PlanResult;

    /// <summary>The card is where it should be; nothing to do.</summary>
    public sealed record AlreadyThere(Card Card) : PlanResult;

    public sealed record Blocked(ImmutableArray<Obstacle> Obstacles) : PlanResult;
}
